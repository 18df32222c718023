-- Alimama spend, one row per report row. The levels of the report (account, scene, plan, item, keyword) repeat each other's spend, so the
-- most complete level delivered for an account and day adds up; plans come first, because all spend belongs to a plan.
select {{ canonical('spend', {
    'spend_key': '_record_key',
    'on_date': 'stat_on',
    'channel': "'taobao_ads'",
    'account': true,
    'campaign': 'coalesce(campaign, campaign_id, scene, scene_id)',
    'content': 'coalesce(keyword, item_title, item_id, adgroup)',
    'cost_type': "'media'",
    'cost_cny': 'spend_cny',
    'impressions': true,
    'clicks': true,
    'platform_conversions': 'platform_orders',
    'platform_revenue_cny': true,
    'is_total_level': is_leading_level(['campaign', 'account', 'scene', 'item', 'campaign_legacy', 'keyword']),
}) }}
from {{ newest('alimama', 'daily') }} as versions
where is_current
