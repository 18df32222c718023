-- JD ad spend, one row per report row: day, plan, unit, creative and tracked SKU.
{{ one_level_spend('jd', 'jd_ads', 'coalesce(creative, tracked_sku, adgroup)', {
    'platform_conversions': 'platform_orders',
    'platform_revenue_cny': true,
}) }}
