-- Baidu feed spend, one row per report row. A split by audience repeats the spend of the plans: one level adds up, splits whose parts overlap last.
select {{ canonical('spend', {
    'spend_key': '_record_key',
    'on_date': 'stat_on',
    'channel': "'baidu_ads'",
    'account': true,
    'campaign': true,
    'content': 'coalesce(adgroup, segment)',
    'cost_type': "'media'",
    'cost_cny': 'spend_cny',
    'impressions': true,
    'clicks': true,
    'platform_conversions': 'web_conversions',
    'is_total_level': is_leading_level(['campaign', 'gender', 'age', 'region', 'audience', 'interest', 'intent']),
}) }}
from {{ newest('baidu', 'feed') }} as versions
where is_current
