-- Zhihu ad spend, one row per report row; the report has one level.
select {{ canonical('spend', {
    'spend_key': '_record_key',
    'on_date': 'stat_on',
    'channel': "'zhihu_ads'",
    'account': true,
    'campaign': 'coalesce(campaign, campaign_id)',
    'content': 'coalesce(content_title, content_id, adgroup)',
    'cost_type': "'media'",
    'cost_cny': 'spend_cny',
    'impressions': true,
    'clicks': true,
    'platform_conversions': 'conversions',
    'is_total_level': 'true',
}) }}
from {{ newest('zhihu', 'ads') }} as versions
where is_current
