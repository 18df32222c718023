-- Refund cases under the order that stands. A sale that two systems tell has its refund told twice too: the cases of the order that stands
-- count, those of its twin only where it has none of its own. One row per refund case.
with cases as (

    select
        refunds.*,
        doubled.order_key is not null as is_twins,
        doubled.kept_order_key
    from {{ ref('int_refunds__unioned') }} as refunds
    left join {{ ref('int_orders__doubled') }} as doubled on refunds.order_key = doubled.order_key

),

own as (

    select distinct order_key from cases where not is_twins and succeeded_at is not null

)

select
    cases.refund_key,
    coalesce(cases.kept_order_key, cases.order_key) as order_key,
    case when not cases.is_twins then cases.line_key end as line_key,
    cases.platform, cases.refund_kind, cases.amount_cny, cases.applied_at, cases.succeeded_at, cases.borne_by, cases.reason, cases.known_at
from cases
left join own on cases.kept_order_key = own.order_key
where not cases.is_twins or (cases.kept_order_key is not null and own.order_key is null)
