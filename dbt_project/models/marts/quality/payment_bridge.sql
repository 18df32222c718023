-- Payments beside the orders they paid, and orders that two systems tell: where a sale might be counted twice or not at all. Only orders are revenue;
-- a payment that no order claims is reported here and nowhere added.
with payments as (

    select
        payment_key as entry_key,
        case when kind = 'pay' then 'payment' else kind end as entry_kind,
        case
            when matched_orders = 0 then 'unmatched'
            when kind = 'refund' and matched_orders = 1 then 'matched'
            when kind = 'refund' then 'merged'
            when not is_reconciled then 'sum_differs'
            when matched_orders > 1 then 'merged'
            else 'matched'
        end as status,
        told_by, shop, transaction_id, out_trade_no, order_key, cast(null as string) as other_order_key, matched_orders,
        amount_cny, case when kind = 'pay' then orders_paid_cny end as orders_paid_cny, paid_at
    from {{ ref('int_payments') }}

),

orders as (

    select order_key, shop, buyer_paid_cny, coalesce(paid_at, ordered_at) as paid_at
    from (
        select
            unioned.*,
            {{ place_among_records() }} as place
        from {{ ref('int_orders__unioned') }} as unioned
    ) as ranked
    where place = 1

),

twins as (

    select
        doubled.order_key as entry_key, 'order' as entry_kind, 'told_twice' as status, doubled.platform as told_by, orders.shop, doubled.transaction_id,
        cast(null as string) as out_trade_no, doubled.kept_order_key as order_key, doubled.order_key as other_order_key, cast(null as bigint) as matched_orders,
        orders.buyer_paid_cny as amount_cny, cast(null as decimal(18, 2)) as orders_paid_cny, orders.paid_at
    from {{ ref('int_orders__doubled') }} as doubled
    inner join orders on doubled.order_key = orders.order_key

),

entries as (

    select * from payments
    union all
    select * from twins

)

select
    -- the entry
    entry_key,
    entry_kind,
    status,
    told_by,
    shop,
    -- whose it is
    transaction_id,
    out_trade_no,
    order_key,
    other_order_key,
    cast(matched_orders as bigint) as matched_orders,
    -- amounts and time
    cast(amount_cny as decimal(18, 2)) as amount_cny,
    cast(orders_paid_cny as decimal(18, 2)) as orders_paid_cny,
    cast(amount_cny - orders_paid_cny as decimal(18, 2)) as difference_cny,
    paid_at
from entries
