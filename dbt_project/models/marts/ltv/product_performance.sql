-- Which products bring customers who stay: per product, what it sold, and what became of the people whose first purchase
-- held it. A first order with several products counts for each of them, so customers do not add up over products.
with as_of as (

    select max(as_of_on) as as_of_on from {{ source('lake', 'context') }}

),

sold as (

    select
        lines.product_key, lines.order_key, lines.quantity, lines.line_net_cny,
        purchases.customer_id, purchases.purchase_number, purchases.first_paid_on, purchases.receivable_cny, purchases.net_revenue_cny,
        case when purchases.is_costed then lines.contribution_cny end as contribution_cny,
        purchases.is_costed
    from {{ ref('int_order_lines__contributed') }} as lines
    inner join {{ ref('int_purchases') }} as purchases on lines.order_key = purchases.order_key
    where lines.product_key is not null and not lines.is_gift

),

sales as (

    select
        product_key,
        sum(quantity) as quantity,
        sum(line_net_cny) as net_revenue_cny,
        sum(contribution_cny) as contribution_cny
    from sold
    group by 1

),

-- an order with two lines of a product is one order: whole-order figures are taken once
orders as (

    select
        product_key,
        count(*) as orders,
        count(case when net_revenue_cny <= 0 then 1 end) as orders_given_back,
        sum(case when net_revenue_cny is not null then receivable_cny end) as settled_cny,
        sum(case when net_revenue_cny is not null then receivable_cny - net_revenue_cny end) as refunded_cny,
        sum(receivable_cny) as receivable_cny,
        sum(case when is_costed then receivable_cny else 0 end) as costed_cny,
        sum(case when customer_id is not null then receivable_cny else 0 end) as known_cny,
        sum(case when purchase_number = 1 and net_revenue_cny is not null then receivable_cny end) as first_settled_cny,
        sum(case when purchase_number = 1 and net_revenue_cny is not null then receivable_cny - net_revenue_cny end) as first_refunded_cny
    from (
        select distinct product_key, order_key, receivable_cny, net_revenue_cny, is_costed, customer_id, purchase_number from sold
    ) as once
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
        count(values_now.observed_90d_cny) as valued_buyers,
        sum(values_now.margin_90d_cny) as margin_90d_cny,
        count(values_now.margin_90d_cny) as costed_buyers
    from firsts
    cross join as_of
    left join seconds on firsts.customer_id = seconds.customer_id
    left join {{ ref('customer_ltv') }} as values_now on firsts.customer_id = values_now.customer_id
    group by 1

)

{% set told = 'coalesce(' ~ ratio('orders.known_cny', 'orders.receivable_cny') ~ ' >= ' ~ var('min_identified_revenue_share') ~ ', true)' %}
select
    sales.product_key,
    products.item_title,
    products.product_group,
    -- what it sold
    cast(orders.orders as bigint) as orders,
    cast(sales.quantity as bigint) as quantity,
    cast(sales.net_revenue_cny as decimal(18, 2)) as net_revenue_cny,
    cast(cast(orders.orders_given_back as double) / orders.orders as decimal(9, 8)) as given_back_rate,
    {{ ratio('orders.refunded_cny', 'orders.settled_cny') }} as refund_rate,
    case when {{ ratio('orders.costed_cny', 'orders.receivable_cny') }} >= {{ var('min_contribution_coverage') }}
        then cast(sales.contribution_cny as decimal(18, 2)) end as contribution_cny,
    {{ ratio('orders.costed_cny', 'orders.receivable_cny') }} as contribution_coverage,
    -- whom it brought
    case when {{ told }} then cast(coalesce(brought.first_buyers, 0) as bigint) end as first_buyers,
    case when {{ told }} then cast(coalesce(brought.mature_buyers, 0) as bigint) end as mature_first_buyers,
    case when {{ told }} then cast(cast(brought.repurchased as double) / nullif(brought.mature_buyers, 0) as decimal(9, 8)) end as repurchase_rate_90d,
    case when {{ told }} then {{ ratio('orders.first_refunded_cny', 'orders.first_settled_cny') }} end as first_order_refund_rate,
    case when {{ told }} then {{ unit_amount('brought.observed_90d_cny', 'brought.valued_buyers') }} end as ltv_90d_cny,
    case when {{ told }} and brought.costed_buyers >= {{ var('min_contribution_coverage') }} * brought.valued_buyers
        then {{ unit_amount('brought.margin_90d_cny', 'brought.costed_buyers') }} end as margin_90d_cny,
    -- how far to trust it
    cast({{ ratio('orders.known_cny', 'orders.receivable_cny') }} as decimal(9, 8)) as identified_revenue_share,
    case when not {{ told }} then 'identified_share_low' end as why_null
from sales
inner join orders on sales.product_key = orders.product_key
left join brought on sales.product_key = brought.product_key
left join {{ ref('dim_products') }} as products on sales.product_key = products.product_key
