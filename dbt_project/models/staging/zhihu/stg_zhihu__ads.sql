-- Zhihu ad spend, one row per report row; the report has one level.
{{ one_level_spend('zhihu', 'zhihu_ads', 'coalesce(content_title, content_id, adgroup)') }}
