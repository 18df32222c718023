-- Qutoutiao ad spend, one row per report row; the report has one level.
{{ one_level_spend('qutoutiao', 'qutoutiao_ads', 'coalesce(creative_id, adgroup)') }}
