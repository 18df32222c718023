-- Order lines with their share of the order's net revenue, to the cent by largest remainder: the lines of an order always add up to it.
-- An order whose lines were never delivered gets one line for the whole, so that no money is lost.
with ranked as (

    select
        lines.*,
        row_number() over (partition by line_key order by exported_at desc, order_key) as place
    from {{ ref('int_order_lines__unioned') }} as lines

),

lines as (

    select
        orders.order_key,
        coalesce(ranked.line_key, orders.order_key || ':whole') as line_key,
        orders.platform,
        ranked.item_id, ranked.product_code, ranked.item_title, ranked.quantity, ranked.list_cny,
        coalesce(ranked.is_gift, false) as is_gift,
        case
            when ranked.line_key is null then 'no_lines'
            else coalesce(ranked.line_class, case when ranked.is_gift then 'gift' end, orders.order_class)
        end as line_class,
        orders.net_revenue_cny,
        {{ cents('orders.net_revenue_cny') }} as net_cents,
        greatest(coalesce({{ cents('ranked.line_paid_cny') }}, 0), 0) as paid_cents,
        greatest(coalesce({{ cents('ranked.line_paid_cny') }}, 0) - coalesce({{ cents('ranked.refunded_cny') }}, 0), 0) as kept_cents,
        case when ranked.is_gift then 0 else greatest(coalesce({{ cents('ranked.list_cny') }}, 0), 0) end as list_cents
    from {{ ref('int_orders') }} as orders
    left join ranked on orders.order_key = ranked.order_key and ranked.place = 1

),

weighted as (

    select
        lines.*,
        -- the first measure that says anything: what was kept, else paid, else listed; nothing at all: even shares
        case
            when sum(kept_cents) over (partition by order_key) > 0 then kept_cents
            when sum(paid_cents) over (partition by order_key) > 0 then paid_cents
            else list_cents
        end as weight
    from lines

)

select
    order_key,
    line_key,
    platform,
    -- one product over all platforms where the merchant gave it a code
    coalesce(product_code, platform || ':' || item_id, platform || ':' || item_title) as product_key,
    item_id,
    product_code,
    item_title,
    quantity,
    line_class,
    is_gift,
    list_cny,
    {{ yuan('share_cents') }} as line_net_cny
from {{ largest_remainder('weighted', ['order_key'], 'net_cents', 'weight', 'line_key', 'share_cents') }} as shared
