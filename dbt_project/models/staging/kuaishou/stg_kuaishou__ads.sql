-- Kuaishou ad spend, one row per report row. 磁力金牛 and 磁力引擎 are two products and add up; a report of unknown layout counts where it stands alone.
-- GMV is counted on the day of the spend and grows for 30 days: the longest window delivered is taken.
select {{ canonical('spend', {
    'spend_key': '_record_key',
    'on_date': 'stat_on',
    'channel': "'kuaishou_ads'",
    'account': true,
    'campaign': 'coalesce(campaign, campaign_id, anchor_nick)',
    'content': 'coalesce(creative, adgroup)',
    'cost_type': "'media'",
    'cost_cny': 'spend_cny',
    'impressions': 'coalesce(impressions, cover_impressions)',
    'clicks': 'coalesce(clicks, cover_clicks)',
    'platform_revenue_cny': 'coalesce(revenue_30d_cny, revenue_15d_cny, revenue_7d_cny, revenue_3d_cny, revenue_1d_cny, revenue_0d_cny)',
    'is_total_level': "report <> 'other' or not bool_or(report <> 'other') over (partition by account, stat_on)",
}) }}
from {{ newest('kuaishou', 'ads') }} as versions
where is_current
