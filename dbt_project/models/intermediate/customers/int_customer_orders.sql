-- What each customer has bought: paid consumer sales only, as of the build's day.
with purchases as (

    select
        customer_id, order_key, platform, converted_at, paid_at, customer_order_number, net_revenue_cny,
        -- a purchase day counts for repurchase unless everything bought on it was given back
        case when net_revenue_cny is null or net_revenue_cny > 0 then cast(paid_at as date) end as purchase_on
    from {{ ref('int_orders') }}
    where customer_order_number is not null

),

placed as (

    select
        customer_id,
        max(case when place = 1 then province end) as province,
        max(case when place = 1 then city end) as city
    from (
        select
            customer_id, province, city,
            row_number() over (partition by customer_id order by ordered_at desc, order_key) as place
        from {{ ref('int_orders') }}
        where customer_id is not null and province is not null
    ) as addresses
    group by customer_id

),

summed as (

    select
        purchases.customer_id,
        min(converted_at) as first_converted_at,
        min(paid_at) as first_order_at,
        max(paid_at) as last_order_at,
        max(case when customer_order_number = 1 then order_key end) as first_order_key,
        max(case when customer_order_number = 1 then platform end) as first_platform,
        count(*) as paid_orders,
        count(distinct purchase_on) as purchase_days,
        min(purchase_on) as first_purchase_on,
        max(purchase_on) as last_purchase_on,
        count(distinct case
            when purchase_on > cast({{ as_of() }} - interval '{{ var("core_window_days") }}' day as date) then purchase_on
        end) as recent_purchase_days,
        sum(net_revenue_cny) as net_revenue_cny,
        {{ array_to_string(collect_sorted('platform')) }} as platforms
    from purchases
    group by purchases.customer_id

)

select
    coalesce(summed.customer_id, placed.customer_id) as customer_id,
    summed.first_converted_at, summed.first_order_at, summed.last_order_at, summed.first_order_key, summed.first_platform,
    cast(coalesce(summed.paid_orders, 0) as bigint) as paid_orders,
    cast(coalesce(summed.purchase_days, 0) as bigint) as purchase_days,
    summed.first_purchase_on, summed.last_purchase_on,
    cast(coalesce(summed.recent_purchase_days, 0) as bigint) as recent_purchase_days,
    cast(coalesce(summed.net_revenue_cny, 0) as decimal(18,2)) as net_revenue_cny,
    coalesce(summed.platforms, '') as platforms,
    placed.province, placed.city
from summed
full outer join placed on summed.customer_id = placed.customer_id
