-- Baidu search spend, one row per report row. Splits by hour, region, creative and search term repeat the spend of the plans: one level adds up.
select {{ canonical('spend', {
    'spend_key': '_record_key',
    'on_date': 'stat_on',
    'channel': "'baidu_ads'",
    'account': true,
    'campaign': true,
    'content': 'coalesce(search_term, creative, keyword, adgroup)',
    'cost_type': "'media'",
    'cost_cny': 'spend_cny',
    'impressions': true,
    'clicks': true,
    'platform_conversions': 'coalesce(conversions, web_conversions + coalesce(chat_conversions, 0) + coalesce(phone_conversions, 0))',
    'is_total_level': is_leading_level(['campaign', 'hourly', 'region', 'creative', 'search_term']),
}) }}
from {{ newest('baidu', 'search') }} as versions
where is_current
