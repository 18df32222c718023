-- JD ad spend, one row per report row: day, plan, unit, creative and tracked SKU.
select {{ canonical('spend', {
    'spend_key': '_record_key',
    'on_date': 'stat_on',
    'channel': "'jd_ads'",
    'account': true,
    'campaign': 'coalesce(campaign, campaign_id)',
    'content': 'coalesce(creative, tracked_sku, adgroup)',
    'cost_type': "'media'",
    'cost_cny': 'spend_cny',
    'impressions': true,
    'clicks': true,
    'platform_conversions': 'platform_orders',
    'platform_revenue_cny': true,
    'is_total_level': 'true',
}) }}
from {{ newest('jd', 'ads') }} as versions
where is_current
