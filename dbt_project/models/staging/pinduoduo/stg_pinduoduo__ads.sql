-- Pinduoduo ad spend, one row per report row. 交易额 is what the platform claims before refunds; its 净 and 结算 figures move for weeks.
{{ one_level_spend('pinduoduo', 'pdd_ads', 'coalesce(item_title, item_id)', {
    'campaign': 'coalesce(campaign, scene)',
    'platform_conversions': 'platform_orders',
    'platform_revenue_cny': true,
}) }}
