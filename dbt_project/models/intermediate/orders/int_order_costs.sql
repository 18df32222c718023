-- What an order cost to sell, one row per order, line, cost type and day: what files say, payment fees of payments that paid one order,
-- and goods at the brand's own unit costs where no file tells them. The twin of an order that two systems tell sold the same goods once: what its
-- own system took (扣点, 佣金) is a cost of the order that stands, unless that one has a cost of the kind itself.
with told as (

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

),

costs as (

    select
        coalesce(doubled.kept_order_key, told.order_key) as order_key,
        case when doubled.order_key is null then told.line_key end as line_key,
        told.cost_type, told.amount_cny, told.basis, told.incurred_on,
        doubled.order_key is not null as is_twins,
        doubled.order_key is not null and doubled.kept_order_key is null as is_nobodys
    from told
    left join {{ ref('int_orders__doubled') }} as doubled on told.order_key = doubled.order_key

),

own as (

    select distinct order_key, cost_type from costs where not is_twins

)

select
    costs.order_key,
    costs.line_key,
    costs.cost_type,
    costs.basis,
    costs.incurred_on,
    cast(sum(costs.amount_cny) as decimal(18,2)) as amount_cny
from costs
left join own on costs.order_key = own.order_key and costs.cost_type = own.cost_type
where not costs.is_nobodys and (not costs.is_twins or own.order_key is null)
group by 1, 2, 3, 4, 5
