-- Kuaishou fees by order, one row per settlement and kind of fee; 快赚客 are creators too.
with rows_now as (

    select * from {{ newest('kuaishou', 'funds') }} as versions where is_current

),

fees as (

    select order_id, settled_at, _exported_at, 'platform_fee' as cost_type, platform_fee_cny as cost_cny from rows_now
    union all
    select order_id, settled_at, _exported_at, 'kol_commission', kol_commission_cny from rows_now
    union all
    select order_id, settled_at, _exported_at, 'leader_commission', leader_commission_cny from rows_now
    union all
    select order_id, settled_at, _exported_at, 'kol_commission', earner_commission_cny from rows_now

)

select {{ canonical('order_costs', {
    'order_key': "'kuaishou:' || order_id",
    'cost_type': true,
    'amount_cny': 'cost_cny',
    'basis': "'settled'",
    'incurred_on': 'cast(coalesce(settled_at, _exported_at) as date)',
}) }}
from fees
where cost_cny <> 0
