-- Weimob order lines, one row per line of the order's newest state.
with rows_now as (

    select * from {{ newest('weimob', 'orders') }} as versions where is_current and not coalesce(is_deleted, false)

)

select {{ canonical('order_lines', {
    'order_key': "'weimob:' || order_id",
    'line_key': "'weimob:' || order_id || ':' || line.line_id",
    'platform': "'weimob'",
    'item_id': 'line.goods_id',
    'product_code': 'line.product_code',
    'item_title': 'line.item_title',
    'quantity': 'line.quantity',
    'list_cny': 'line.unit_price_cny * line.quantity',
    'line_paid_cny': 'line.line_paid_cny',
    'is_gift': 'coalesce(line.unit_price_cny = 0, false)',
    'exported_at': '_exported_at',
}) }}
from rows_now
{{ explode('rows_now.lines', 'line') }}
