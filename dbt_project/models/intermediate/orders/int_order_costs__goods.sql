-- What the goods of an order cost, estimated from the brand's own product costs: quantity × the unit cost that was valid on the day of payment.
-- Goods that came back or never left cost 0, which is known; goods that a refunded buyer kept do cost. A file that tells the cost of what an order sold
-- stands, and so does one that tells the cost of its gifts; neither says anything of the other.
with ranked as (

    select
        orders.order_key, orders.platform, orders.is_paid, orders.receivable_cny, orders.shipped_at,
        cast(coalesce(orders.paid_at, orders.ordered_at) as date) as sold_on,
        row_number() over (partition by orders.order_key order by orders.exported_at desc, orders.updated_at desc nulls last, orders.record_key) as place
    from {{ ref('int_orders__unioned') }} as orders

),

given_back as (

    select
        order_key,
        max(case when refund_kind in ('return_refund', 'rejected', 'pre_ship') then 1 else 0 end) as has_goods_back
    from {{ ref('int_refunds__told') }}
    where succeeded_at is not null
    group by 1

),

refunded as (select order_key, refunded_cny from {{ ref('int_orders__refunded') }} where refunded_cny > 0),

lines_given_back as (

    select line_key, sum(amount_cny) as amount_cny
    from {{ ref('int_refunds__told') }}
    where succeeded_at is not null and line_key is not null and refund_kind in ('return_refund', 'rejected', 'pre_ship')
    group by 1

),

told as (

    select distinct order_key, cost_type
    from {{ ref('int_order_costs__unioned') }}
    where order_key is not null and cost_type in ('cogs', 'gift_cogs')

),

lines_ranked as (

    select
        lines.*,
        row_number() over (partition by line_key order by exported_at desc, order_key) as place
    from {{ ref('int_order_lines__unioned') }} as lines

),

lines as (

    select
        lines.order_key, lines.line_key, lines.platform, nullif(lines.product_code, '') as product_code, nullif(lines.item_id, '') as item_id, lines.quantity, orders.sold_on,
        coalesce(lines.is_gift, false) as is_gift,
        coalesce(
            refunds.refunded_cny >= orders.receivable_cny and orders.receivable_cny > 0
            and (given_back.has_goods_back = 1 or orders.shipped_at is null and given_back.order_key is null), false
        )
        or coalesce(lines.line_paid_cny > 0 and lines_given_back.amount_cny >= lines.line_paid_cny, false) as is_back
    from lines_ranked as lines
    inner join ranked as orders on lines.order_key = orders.order_key and orders.place = 1 and orders.is_paid
    left join refunded as refunds on orders.order_key = refunds.order_key
    left join given_back on orders.order_key = given_back.order_key
    left join lines_given_back on lines.line_key = lines_given_back.line_key
    left join told
        on lines.order_key = told.order_key and told.cost_type = case when coalesce(lines.is_gift, false) then 'gift_cogs' else 'cogs' end
    where lines.place = 1 and told.order_key is null and lines.quantity > 0

),

-- priced once for all lines of a day; an empty code is none, or it would meet the lines without one
sold as (select distinct platform, product_code, item_id, sold_on from lines),

candidates as (

    -- the platform's own cost of a code before the code's cost everywhere, a code before an item number
    select sold.*, products.product_key, products.unit_cost_cny, products.valid_from, case when products.platform is null then 2 else 1 end as distance
    from sold
    inner join {{ ref('int_products__unioned') }} as products
        on sold.product_code = products.product_code and coalesce(products.platform, sold.platform) = sold.platform
    where products.valid_from <= sold.sold_on and products.unit_cost_cny is not null
    union all
    select sold.*, products.product_key, products.unit_cost_cny, products.valid_from, 3
    from sold
    inner join {{ ref('int_products__unioned') }} as products on sold.item_id = products.item_id and products.platform = sold.platform
    where products.valid_from <= sold.sold_on and products.unit_cost_cny is not null

),

priced as (

    select
        candidates.*,
        row_number() over (
            partition by platform, product_code, item_id, sold_on order by distance, valid_from desc, product_key
        ) as place
    from candidates

)

select
    lines.order_key,
    lines.line_key,
    case when lines.is_gift then 'gift_cogs' else 'cogs' end as cost_type,
    cast(case when lines.is_back then 0 else priced.unit_cost_cny * lines.quantity end as decimal(18, 2)) as amount_cny,
    'estimated' as basis,
    lines.sold_on as incurred_on
from lines
inner join priced
    on lines.platform = priced.platform and coalesce(lines.product_code, '') = coalesce(priced.product_code, '')
    and coalesce(lines.item_id, '') = coalesce(priced.item_id, '') and lines.sold_on = priced.sold_on and priced.place = 1
