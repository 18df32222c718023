-- Pinduoduo ad spend, one row per report row. 交易额 is what the platform claims before refunds; its 净 and 结算 figures move for weeks.
select {{ canonical('spend', {
    'spend_key': '_record_key',
    'on_date': 'stat_on',
    'channel': "'pdd_ads'",
    'account': true,
    'campaign': 'coalesce(campaign, scene)',
    'content': 'coalesce(item_title, item_id)',
    'cost_type': "'media'",
    'cost_cny': 'spend_cny',
    'impressions': true,
    'clicks': true,
    'platform_conversions': 'platform_orders',
    'platform_revenue_cny': true,
    'is_total_level': 'true',
}) }}
from {{ newest('pinduoduo', 'ads') }} as versions
where is_current
