-- Weibo ad spend, one row per report row; the report has one level.
select {{ canonical('spend', {
    'spend_key': '_record_key',
    'on_date': 'stat_on',
    'channel': "'weibo_ads'",
    'account': true,
    'campaign': 'coalesce(campaign, campaign_id)',
    'content': 'coalesce(post_url, creative_id)',
    'cost_type': "'media'",
    'cost_cny': 'spend_cny',
    'impressions': true,
    'clicks': true,
    'platform_conversions': 'conversions',
    'is_total_level': 'true',
}) }}
from {{ newest('weibo', 'ads') }} as versions
where is_current
