-- Youzan order lines, one row per line of the order's newest state.
with rows_now as (

    select * from {{ newest('youzan', 'orders') }} as versions where is_current

)

select {{ canonical('order_lines', {
    'order_key': "'youzan:' || order_id",
    'line_key': "'youzan:' || order_id || ':' || line.oid",
    'platform': "'youzan'",
    'item_id': 'line.item_id',
    'product_code': 'line.product_code',
    'item_title': 'line.item_title',
    'quantity': 'line.quantity',
    'list_cny': 'coalesce(line.list_cny, line.unit_price_cny * line.quantity)',
    'line_paid_cny': 'line.line_paid_cny',
    'is_gift': 'coalesce(line.is_gift, false)',
    'exported_at': '_exported_at',
}) }}
from rows_now
{{ explode('rows_now.lines', 'line') }}
