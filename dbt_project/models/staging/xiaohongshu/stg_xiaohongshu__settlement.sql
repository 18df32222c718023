-- Xiaohongshu fees by order, one row per settlement entry and kind of fee. Amounts are movements: a fee taken is negative, one given back positive.
with rows_now as (

    select * from {{ newest('xiaohongshu', 'settlement') }} as versions where is_current and order_id is not null

),

fees as (

    select order_id, settled_at, 'platform_fee' as cost_type, platform_fee_cny as moved_cny from rows_now
    union all
    select order_id, settled_at, 'payment_fee', payment_fee_cny from rows_now
    union all
    select order_id, settled_at, 'kol_commission', kol_commission_cny from rows_now

)

select {{ canonical('order_costs', {
    'order_key': "'xiaohongshu:' || order_id",
    'cost_type': true,
    'amount_cny': '-moved_cny',
    'basis': "'settled'",
    'incurred_on': 'cast(settled_at as date)',
}) }}
from fees
where moved_cny <> 0
