-- What is known of each order's refunds, and from where. An amount that stands in a file we do not have stays NULL:
-- gross never goes under the name of net.
with ranked as (

    select
        orders.*,
        {{ place_among_records() }} as place
    from {{ ref('int_orders__unioned') }} as orders

),

orders as (

    select * from ranked where place = 1

),

events as (

    select order_key, sum(amount_cny) as amount_cny
    from {{ ref('int_refunds__told') }}
    where succeeded_at is not null
    group by order_key

),

covered as (

    select orders.order_key
    from orders
    inner join {{ delivered_until('refunds') }} as files
        on orders.platform = files.platform
        and (files.account is null or orders.account is null or files.account = orders.account)
    group by orders.order_key, orders.paid_at, orders.ordered_at
    having cast(max(files.delivered_until) as date) >= cast(coalesce(orders.paid_at, orders.ordered_at) as date)

),

paid_back as (

    select order_key, sum(amount_cny) as amount_cny
    from {{ ref('int_payments') }}
    where kind = 'refund' and order_key is not null
    group by order_key

)

select
    orders.order_key,
    cast(case
        when not orders.is_paid then 0
        -- a refund case may be newer than the order's row
        when orders.refunds_from = 'order_file' then greatest(coalesce(orders.refunded_cny, 0), coalesce(events.amount_cny, 0))
        when covered.order_key is not null and (events.amount_cny is not null or not coalesce(orders.has_refund, false))
            then coalesce(events.amount_cny, 0)
        when paid_back.amount_cny is not null then paid_back.amount_cny
    end as decimal(18,2)) as refunded_cny,
    case
        when not orders.is_paid then 'not_paid'
        when orders.refunds_from = 'order_file' and events.amount_cny > coalesce(orders.refunded_cny, 0) then 'refund_file'
        when orders.refunds_from = 'order_file' then 'order_file'
        when covered.order_key is not null and (events.amount_cny is not null or not coalesce(orders.has_refund, false)) then 'refund_file'
        when paid_back.amount_cny is not null then 'payment_bill'
        else 'missing'
    end as refunds_known_from
from orders
left join events on orders.order_key = events.order_key
left join covered on orders.order_key = covered.order_key
left join paid_back on orders.order_key = paid_back.order_key
