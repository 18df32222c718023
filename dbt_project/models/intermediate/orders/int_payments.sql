-- Payments and the orders they paid, joined by payment numbers. One payment that two files tell (the provider's bill and 对外收款) is one payment;
-- the one with a fee, the provider's own, speaks. One payment may pay many orders (合并支付): then the sums reconcile, and neither its refunds nor
-- its payer are given to one of them. Payments that no order claims stay without one and are no revenue.
with told as (

    select
        payments.*,
        -- several refunds of one payment differ by their number; a movement without any payment number is only itself
        coalesce(transaction_id || '|' || kind || '|' || coalesce(refund_no, ''), payment_key) as movement
    from {{ ref('int_payments__unioned') }} as payments

),

ranked as (

    select
        told.*,
        row_number() over (partition by movement order by case when fee_cny is null then 2 else 1 end, platform, payment_key) as place,
        -- a refund without a number that another file tells with one is not a second refund
        kind = 'refund' and refund_no is null and transaction_id is not null
            and max(case when kind = 'refund' and refund_no is not null then 1 else 0 end) over (partition by transaction_id) = 1 as is_vague
    from told

),

payments as (

    select * from ranked where place = 1 and not is_vague

),

tellers as (

    select movement, {{ array_to_string(collect_sorted('platform')) }} as told_by
    from told
    group by movement

),

numbers as (

    select told.movement, keys.key_type, keys.key_scope, keys.key_token
    from {{ ref('int_identity_keys') }} as keys
    inner join told on keys.record_key = told.record_key
    where keys.key_class = 'ok' and keys.key_type in ('transaction_id', 'out_trade_no')

),

matched as (

    select distinct numbers.movement, coalesce(doubled.kept_order_key, orders.order_key) as order_key
    from numbers
    inner join {{ ref('int_order_payment_numbers') }} as orders
        on numbers.key_type = orders.key_type and numbers.key_scope = orders.key_scope and numbers.key_token = orders.key_token
    left join {{ ref('int_orders__doubled') }} as doubled on orders.order_key = doubled.order_key
    where doubled.order_key is null or doubled.kept_order_key is not null

),

known_orders as (

    select order_key, max(buyer_paid_cny) as buyer_paid_cny
    from {{ ref('int_orders__unioned') }}
    group by order_key

),

summed as (

    select
        matched.movement,
        count(*) as matched_orders,
        min(matched.order_key) as first_order_key,
        sum(known_orders.buyer_paid_cny) as orders_paid_cny
    from matched
    inner join known_orders on matched.order_key = known_orders.order_key
    group by matched.movement

)

select
    payments.payment_key, payments.platform, tellers.told_by, payments.record_key, payments.transaction_id, payments.out_trade_no, payments.kind,
    payments.amount_cny, payments.fee_cny, payments.paid_at, payments.shop,
    case when summed.matched_orders = 1 then summed.first_order_key end as order_key,
    cast(coalesce(summed.matched_orders, 0) as bigint) as matched_orders,
    cast(summed.orders_paid_cny as decimal(18,2)) as orders_paid_cny,
    case when payments.kind = 'pay' then payments.amount_cny = summed.orders_paid_cny end as is_reconciled
from payments
left join tellers on payments.movement = tellers.movement
left join summed on payments.movement = summed.movement
