-- Which channel brought each customer: the earliest eligible touch or code at or before the first purchase, else that order's own
-- traffic field, else unknown. Who never bought was brought by their earliest eligible touch. Opening the shop to buy, and what it asks for on
-- the way to the till, is the purchase itself and brought nobody.
with customers as (

    select
        customers.customer_id, orders.first_converted_at, orders.first_order_key, orders.first_platform
    from {{ ref('int_customers') }} as customers
    left join {{ ref('int_customer_orders') }} as orders on customers.customer_id = orders.customer_id

),

candidates as (

    select
        customers.customer_id, touches.channel, touches.domain, touches.campaign, touches.touched_at,
        row_number() over (
            partition by customers.customer_id
            order by case when touches.evidence = 'order_field' then 2 else 1 end, touches.touched_at, touches.touch_key
        ) as place
    from customers
    inner join {{ ref('int_touches') }} as touches
        on customers.customer_id = touches.customer_id
        and touches.is_eligible
        and (
            touches.evidence <> 'order_field'
            and (customers.first_converted_at is null or touches.touched_at <= customers.first_converted_at)
            or touches.evidence = 'order_field' and touches.order_key = customers.first_order_key
        )
    left join (select touch_key from {{ ref('int_touches__assigned') }} where is_buying_session) as purchases
        on touches.touch_key = purchases.touch_key
    where purchases.touch_key is null

)

select
    customers.customer_id,
    coalesce(candidates.channel, 'unknown:' || customers.first_platform, 'unknown') as acquisition_channel,
    coalesce(candidates.domain, domains.domain) as acquisition_domain,
    candidates.campaign as acquisition_campaign,
    candidates.touched_at as acquired_at
from customers
left join candidates on customers.customer_id = candidates.customer_id and candidates.place = 1
left join {{ platform_domains() }} as domains on customers.first_platform = domains.platform
