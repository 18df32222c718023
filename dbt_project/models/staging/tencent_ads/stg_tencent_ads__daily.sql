-- Tencent Ads spend, one row per report row. Ads and creatives repeat the spend of their account: one level adds up. 一键起量 is part of 花费.
select {{ canonical('spend', {
    'spend_key': '_record_key',
    'on_date': 'stat_on',
    'channel': "'tencent_ads'",
    'account': true,
    'campaign': 'coalesce(campaign, adgroup, adgroup_id)',
    'content': 'coalesce(creative, creative_id, placement)',
    'cost_type': "'media'",
    'cost_cny': 'spend_cny',
    'impressions': true,
    'clicks': true,
    'platform_conversions': 'conversions',
    'is_total_level': is_leading_level(['ad', 'campaign_legacy', 'account', 'creative']),
}) }}
from {{ newest('tencent_ads', 'daily') }} as versions
where is_current
