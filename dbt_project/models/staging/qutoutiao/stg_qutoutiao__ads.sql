-- Qutoutiao ad spend, one row per report row; the report has one level.
select {{ canonical('spend', {
    'spend_key': '_record_key',
    'on_date': 'stat_on',
    'channel': "'qutoutiao_ads'",
    'account': true,
    'campaign': 'coalesce(campaign, campaign_id)',
    'content': 'coalesce(creative_id, adgroup)',
    'cost_type': "'media'",
    'cost_cny': 'spend_cny',
    'impressions': true,
    'clicks': true,
    'platform_conversions': 'conversions',
    'is_total_level': 'true',
}) }}
from {{ newest('qutoutiao', 'ads') }} as versions
where is_current
