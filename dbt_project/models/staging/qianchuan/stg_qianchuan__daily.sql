-- Qianchuan spend, one row per report row. Material rows repeat the spend of the plans, so they count only where they stand alone.
with rows_now as (

    select
        versions.*,
        bool_or(report <> 'material') over (partition by account, stat_on) as has_plans
    from {{ newest('qianchuan', 'daily') }} as versions
    where is_current

)

select {{ canonical('spend', {
    'spend_key': '_record_key',
    'on_date': 'stat_on',
    'channel': "'douyin_ads'",
    'account': true,
    'campaign': 'coalesce(campaign, room, item_title)',
    'content': 'coalesce(material_title, item_title)',
    'cost_type': "'media'",
    'cost_cny': 'spend_cny',
    'impressions': true,
    'clicks': true,
    'platform_conversions': 'coalesce(cast(platform_orders as decimal(18,8)), conversions)',
    'platform_revenue_cny': true,
    'is_total_level': "report <> 'material' or not has_plans",
}) }}
from rows_now
