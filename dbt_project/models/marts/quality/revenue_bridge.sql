-- From what the order files say to net revenue, step by step and to the cent: nothing disappears between two numbers.
-- The first step is summed from the platform files as delivered, the last from the finished orders, so a lost or doubled
-- order shows as a bridge that does not close.
with delivered as (

    select
        order_key, platform, is_paid,
        cast({{ dbt.date_trunc('month', 'coalesce(case when is_paid then paid_at end, ordered_at)') }} as date) as month,
        coalesce(receivable_cny, 0) as amount_cny,
        {{ place_among_records() }} as place
    from {{ ref('int_orders__unioned') }}

),

orders as (

    select
        order_key, platform, is_paid, order_class, net_revenue_cny,
        cast({{ dbt.date_trunc('month', 'coalesce(paid_at, ordered_at)') }} as date) as month,
        coalesce(receivable_cny, 0) as amount_cny,
        is_paid and order_class = 'consumer_sale' as is_sale
    from {{ ref('int_orders') }}

),

steps as (

    select month, platform, 10 as step_order, 'source_total' as step, amount_cny, order_key from delivered
    union all
    select month, platform, 20, 'superseded_elsewhere', -amount_cny, order_key from delivered where place > 1
    union all
    select delivered.month, delivered.platform, 25, 'told_twice', -delivered.amount_cny, delivered.order_key
    from delivered
    inner join {{ ref('int_orders__doubled') }} as doubled on delivered.order_key = doubled.order_key
    where delivered.place = 1
    union all
    select month, platform, 30, 'unpaid', -amount_cny, order_key from orders where not is_paid
    union all
    select month, platform, 40, 'class:' || order_class, -amount_cny, order_key from orders where is_paid and not is_sale
    union all
    select month, platform, 50, 'refunds_missing', -amount_cny, order_key from orders where is_sale and net_revenue_cny is null
    union all
    select month, platform, 60, 'refunds', net_revenue_cny - amount_cny, order_key
    from orders where is_sale and net_revenue_cny is not null and net_revenue_cny <> amount_cny
    union all
    select month, platform, 90, 'net', net_revenue_cny, order_key from orders where is_sale and net_revenue_cny is not null

)

select
    month,
    platform,
    cast(step_order as bigint) as step_order,
    step,
    cast(sum(amount_cny) as decimal(18, 2)) as amount_cny,
    cast(count(*) as bigint) as orders
from steps
group by 1, 2, 3, 4
