-- Paid notes 蒲公英, one row per placement and kind of cost. 总消耗 is what was spent: the platform's service fee of it, the rest is the creator's.
with rows_now as (

    select
        versions.*,
        coalesce(spend_cny, coalesce(kol_fee_cny, 0) + coalesce(service_fee_cny, 0)) as total_cny
    from {{ newest('xiaohongshu', 'placements') }} as versions
    where is_current

),

parts as (

    select rows_now.*, 'kol_slot' as cost_type, total_cny - least(coalesce(service_fee_cny, 0), total_cny) as cost_cny from rows_now
    union all
    select rows_now.*, 'kol_service', least(service_fee_cny, total_cny) from rows_now where service_fee_cny > 0

)

select {{ canonical('spend', {
    'spend_key': "_record_key || '|' || cost_type",
    'on_date': 'created_on',
    'channel': "'xiaohongshu_kol'",
    'account': 'coalesce(account, advertiser)',
    'campaign': 'coalesce(coop_name, placement_order_id)',
    'content': 'product',
    'cost_type': true,
    'cost_cny': true,
    'impressions': "case when cost_type = 'kol_slot' then impressions end",
    'clicks': "case when cost_type = 'kol_slot' then reads end",
    'is_total_level': 'true',
}) }}
from parts
