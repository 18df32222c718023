-- Order lines with their share of the order's net revenue, to the cent by largest remainder: the lines of an order always add up to it.
-- An order whose lines were never delivered gets one line for the whole, so that no money is lost; of a sale that two systems tell, the other
-- system's lines stand where the order that stands has none.
with told as (

    select
        lines.*,
        doubled.order_key is not null as is_twins,
        coalesce(doubled.kept_order_key, lines.order_key) as standing_order_key,
        row_number() over (partition by lines.line_key order by lines.exported_at desc, lines.order_key) as place
    from {{ ref('int_order_lines__unioned') }} as lines
    left join {{ ref('int_orders__doubled') }} as doubled on lines.order_key = doubled.order_key

),

ranked as (

    select
        told.*,
        min(case when told.is_twins then 1 else 0 end) over (partition by told.standing_order_key) as has_only_twins
    from told
    where told.place = 1

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
    left join ranked on orders.order_key = ranked.standing_order_key and (not ranked.is_twins or ranked.has_only_twins = 1)

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
