-- Lines of sale tickets, one row per line in the ticket's order. Weighed goods keep the rounded quantity, at least one.
with tickets as (

    select * from {{ newest('store', 'tickets') }} as versions
    where is_current and ticket_type <> 'sell_return' and not coalesce(is_void, false)

),

exploded as (

    select
        tickets.order_id, tickets._exported_at, line.product_uid, line.product_code, line.item_title, line.quantity, line.unit_price_cny, line.line_paid_cny,
        row_number() over (
            partition by tickets.order_id
            order by line.product_uid nulls last, line.line_paid_cny nulls last, line.quantity nulls last, line.item_title nulls last
        ) as line_number
    from tickets
    {{ explode('tickets.lines', 'line') }}

)

select {{ canonical('order_lines', {
    'order_key': "'store:' || order_id",
    'line_key': "'store:' || order_id || ':' || cast(line_number as string)",
    'platform': "'store'",
    'item_id': 'product_uid',
    'product_code': true,
    'item_title': true,
    'quantity': 'greatest(cast(round(quantity) as bigint), 1)',
    'list_cny': 'round(unit_price_cny * quantity, 2)',
    'line_paid_cny': true,
    'is_gift': 'coalesce(line_paid_cny, 0) = 0',
    'exported_at': '_exported_at',
}) }}
from exploded
