-- What an order cost to sell, one row per order, line, cost type and day: what files say, payment fees of payments that paid one order,
-- and goods at the brand's own unit costs where no file tells them.
with costs as (

    select order_key, line_key, cost_type, amount_cny, basis, incurred_on
    from {{ ref('int_order_costs__unioned') }}
    where order_key is not null
    union all
    select order_key, cast(null as string), 'payment_fee', fee_cny, 'settled', cast(paid_at as date)
    from {{ ref('int_payments') }}
    where order_key is not null and fee_cny <> 0
    union all
    select order_key, line_key, cost_type, amount_cny, basis, incurred_on
    from {{ ref('int_order_costs__goods') }}

)

select
    costs.order_key,
    costs.line_key,
    costs.cost_type,
    costs.basis,
    costs.incurred_on,
    cast(sum(costs.amount_cny) as decimal(18,2)) as amount_cny
from costs
-- the twin of an order that two systems tell is no order: its goods were sold once
left join {{ ref('int_orders__doubled') }} as doubled on costs.order_key = doubled.order_key
where doubled.order_key is null
group by 1, 2, 3, 4, 5
