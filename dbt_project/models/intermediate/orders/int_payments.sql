-- Payments and the orders they paid, joined by payment numbers. One payment may pay many orders (合并支付): then the sums reconcile,
-- and neither its refunds nor its payer are given to one of them.
with payments as (

    select * from {{ ref('int_payments__unioned') }}

),

numbers as (

    select record_key, key_type, key_scope, key_token
    from {{ ref('int_identity_keys') }}
    where key_class = 'ok' and key_type in ('order_id', 'transaction_id', 'out_trade_no')

),

order_numbers as (

    select distinct
        orders.key_scope || ':' || orders.key_token as order_key,
        paid.key_type, paid.key_scope, paid.key_token
    from numbers as orders
    inner join numbers as paid on orders.record_key = paid.record_key and paid.key_type <> 'order_id'
    where orders.key_type = 'order_id'

),

matched as (

    select distinct payments.payment_key, order_numbers.order_key
    from payments
    inner join numbers on payments.record_key = numbers.record_key
    inner join order_numbers
        on numbers.key_type = order_numbers.key_type and numbers.key_scope = order_numbers.key_scope
        and numbers.key_token = order_numbers.key_token

),

known_orders as (

    select order_key, max(buyer_paid_cny) as buyer_paid_cny
    from {{ ref('int_orders__unioned') }}
    group by order_key

),

summed as (

    select
        matched.payment_key,
        count(*) as matched_orders,
        min(matched.order_key) as first_order_key,
        sum(known_orders.buyer_paid_cny) as orders_paid_cny
    from matched
    inner join known_orders on matched.order_key = known_orders.order_key
    group by matched.payment_key

)

select
    payments.payment_key, payments.platform, payments.record_key, payments.transaction_id, payments.out_trade_no, payments.kind,
    payments.amount_cny, payments.fee_cny, payments.paid_at, payments.shop,
    case when summed.matched_orders = 1 then summed.first_order_key end as order_key,
    cast(coalesce(summed.matched_orders, 0) as bigint) as matched_orders,
    cast(summed.orders_paid_cny as decimal(18,2)) as orders_paid_cny,
    case when payments.kind = 'pay' then payments.amount_cny = summed.orders_paid_cny end as is_reconciled
from payments
left join summed on payments.payment_key = summed.payment_key
