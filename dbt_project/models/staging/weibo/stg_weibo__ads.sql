-- Weibo ad spend, one row per report row; the report has one level.
{{ one_level_spend('weibo', 'weibo_ads', 'coalesce(post_url, creative_id)') }}
