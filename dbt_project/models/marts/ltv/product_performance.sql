-- Which products bring customers who stay: per product, what it sold, and what became of the people whose first purchase
-- held it. A first order with several products counts for each of them, so customers do not add up over products.
with as_of as (

    select max(as_of_on) as as_of_on from {{ source('lake', 'context') }}

),

sold as (

    select
        lines.product_key, lines.order_key, lines.quantity, lines.line_net_cny,
        purchases.customer_id, purchases.purchase_number, purchases.first_paid_on, purchases.receivable_cny, purchases.net_revenue_cny
    from {{ ref('int_order_lines') }} as lines
    inner join {{ ref('int_purchases') }} as purchases on lines.order_key = purchases.order_key
    where lines.product_key is not null and not lines.is_gift

),

sales as (

    select
        product_key,
        count(distinct order_key) as orders,
        sum(quantity) as quantity,
        sum(line_net_cny) as net_revenue_cny,
        count(distinct case when net_revenue_cny <= 0 then order_key end) as orders_given_back
    from sold
    group by 1

),

firsts as (

    select distinct product_key, customer_id, first_paid_on
    from sold
    where purchase_number = 1

),

seconds as (

    select customer_id, min(case when age_days > 0 and purchase_on is not null then age_days end) as days_to_second
    from {{ ref('int_purchases') }}
    where customer_id is not null
    group by 1

),

brought as (

    select
        firsts.product_key,
        count(*) as first_buyers,
        count(case when {{ days_between('firsts.first_paid_on', 'as_of.as_of_on') }} > 90 then 1 end) as mature_buyers,
        count(case when {{ days_between('firsts.first_paid_on', 'as_of.as_of_on') }} > 90 and seconds.days_to_second <= 90 then 1 end) as repurchased,
        sum(values_now.observed_90d_cny) as observed_90d_cny,
        count(values_now.observed_90d_cny) as valued_buyers
    from firsts
    cross join as_of
    left join seconds on firsts.customer_id = seconds.customer_id
    left join {{ ref('customer_ltv') }} as values_now on firsts.customer_id = values_now.customer_id
    group by 1

)

select
    sales.product_key,
    products.item_title,
    products.product_group,
    -- what it sold
    cast(sales.orders as bigint) as orders,
    cast(sales.quantity as bigint) as quantity,
    cast(sales.net_revenue_cny as decimal(18, 2)) as net_revenue_cny,
    cast(cast(sales.orders_given_back as double) / sales.orders as decimal(9, 8)) as given_back_rate,
    -- whom it brought
    cast(coalesce(brought.first_buyers, 0) as bigint) as first_buyers,
    cast(coalesce(brought.mature_buyers, 0) as bigint) as mature_first_buyers,
    cast(cast(brought.repurchased as double) / nullif(brought.mature_buyers, 0) as decimal(9, 8)) as repurchase_rate_90d,
    {{ unit_amount('brought.observed_90d_cny', 'brought.valued_buyers') }} as ltv_90d_cny
from sales
left join brought on sales.product_key = brought.product_key
left join {{ ref('dim_products') }} as products on sales.product_key = products.product_key
