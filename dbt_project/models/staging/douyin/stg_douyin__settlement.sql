-- Douyin fees by order, one row per movement and kind of fee. Files differ in the sign of fees, the movement tells: the settlement of a sale and a
-- plain deduction take them, a refund and anything else paid in give them back.
with rows_now as (

    select
        versions.*,
        (direction = 'in' and coalesce(paid_settled_cny, 0) > 0) or (direction = 'out' and coalesce(refunded_cny, 0) = 0) as is_taken
    from {{ newest('douyin', 'settlement') }} as versions
    where is_current and order_id is not null

),

fees as (

    select order_id, sub_order_id, entered_at, _exported_at, is_taken, 'platform_fee' as cost_type, platform_fee_cny as fee_cny from rows_now
    union all
    select order_id, sub_order_id, entered_at, _exported_at, is_taken, 'kol_commission', kol_commission_cny from rows_now
    union all
    select order_id, sub_order_id, entered_at, _exported_at, is_taken, 'leader_commission', leader_commission_cny from rows_now

)

select {{ canonical('order_costs', {
    'order_key': "'douyin:' || order_id",
    'line_key': "'douyin:' || sub_order_id",
    'cost_type': true,
    'amount_cny': 'case when is_taken then abs(fee_cny) else -abs(fee_cny) end',
    'basis': "'settled'",
    'incurred_on': 'cast(coalesce(entered_at, _exported_at) as date)',
}) }}
from fees
where fee_cny <> 0
