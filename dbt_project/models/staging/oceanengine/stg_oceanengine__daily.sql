-- Ocean Engine spend, one row per report row. Projects, units and materials repeat the spend of their account: one level adds up.
select {{ canonical('spend', {
    'spend_key': '_record_key',
    'on_date': 'stat_on',
    'channel': "'toutiao_ads'",
    'account': true,
    'campaign': 'coalesce(campaign, campaign_id)',
    'content': 'coalesce(material_title, material_id, adgroup)',
    'cost_type': "'media'",
    'cost_cny': 'spend_cny',
    'impressions': true,
    'clicks': true,
    'platform_conversions': 'conversions',
    'is_total_level': is_leading_level(['project', 'unit', 'campaign_legacy', 'account', 'material']),
}) }}
from {{ newest('oceanengine', 'daily') }} as versions
where is_current
