-- Qianchuan spend, one row per report row. 标准推广 and 全域推广 are two products and add up. Materials tell 整体消耗, the spend of 全域推广 again, so they
-- count only where that report is missing; a layout that nobody knows counts only where no known one tells the day.
with rows_now as (

    select
        versions.*,
        bool_or(report = 'overall') over (partition by account, stat_on) as has_overall,
        bool_or(report in ('overall', 'standard')) over (partition by account, stat_on) as has_known,
        bool_or(report = 'other') over (partition by account, stat_on) as has_other
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
    'is_total_level': "case report when 'material' then not has_overall and not has_other when 'other' then not has_known else true end",
}) }}
from rows_now
