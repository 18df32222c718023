-- The products that were sold; one over all platforms where the merchant gave it a code.
with sold as (

    select
        lines.product_key, lines.product_code, lines.platform, lines.item_id, lines.item_title, lines.quantity, lines.line_net_cny,
        orders.order_key, orders.paid_at,
        lines.line_key, coalesce(orders.ordered_at, cast('1900-01-01' as timestamp)) as told_at,
        orders.is_paid and orders.order_class = 'consumer_sale' as is_sale
    from {{ ref('int_order_lines') }} as lines
    inner join {{ ref('int_orders') }} as orders on lines.order_key = orders.order_key
    where lines.product_key is not null

),

-- the title of the newest order that tells one; of several the first line's
titled as (

    select product_key, item_title
    from (
        select sold.product_key, sold.item_title, row_number() over (partition by sold.product_key order by sold.line_key) as place
        from sold
        inner join (
            select product_key, max(told_at) as told_at from sold where item_title is not null group by 1
        ) as newest on sold.product_key = newest.product_key and sold.told_at = newest.told_at
        where sold.item_title is not null
    ) as ranked
    where place = 1

),

named as (

    select
        coalesce(product_code, platform || ':' || item_id) as product_key, product_group, unit_cost_cny,
        row_number() over (
            partition by coalesce(product_code, platform || ':' || item_id)
            -- a platform's own cost is an exception to the product's
            order by valid_from desc nulls last, case when platform is null then 1 else 2 end, products.product_key
        ) as place
    from {{ ref('int_products__unioned') }} as products

),

summed as (

    select
        product_key,
        max(product_code) as product_code,
        {{ array_to_string(collect_sorted('platform')) }} as platforms,
        {{ array_to_string(collect_sorted('item_id')) }} as item_ids,
        min(case when is_sale then cast(paid_at as date) end) as first_sold_on,
        max(case when is_sale then cast(paid_at as date) end) as last_sold_on,
        count(distinct case when is_sale then order_key end) as orders,
        sum(case when is_sale then quantity end) as quantity,
        sum(case when is_sale then line_net_cny end) as net_revenue_cny
    from sold
    group by product_key

)

select
    cast(summed.product_key as string) as product_key,
    cast(summed.product_code as string) as product_code,
    cast(titled.item_title as string) as item_title,
    cast(named.product_group as string) as product_group,
    cast(summed.platforms as string) as platforms,
    cast(summed.item_ids as string) as item_ids,
    cast(named.unit_cost_cny as decimal(18,2)) as unit_cost_cny,
    cast(summed.first_sold_on as date) as first_sold_on,
    cast(summed.last_sold_on as date) as last_sold_on,
    cast(summed.orders as bigint) as orders,
    cast(coalesce(summed.quantity, 0) as bigint) as quantity,
    cast(coalesce(summed.net_revenue_cny, 0) as decimal(18,2)) as net_revenue_cny
from summed
left join titled on summed.product_key = titled.product_key
left join named on summed.product_key = named.product_key and named.place = 1
