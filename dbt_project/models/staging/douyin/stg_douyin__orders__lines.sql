-- Douyin sub-orders as order lines, one row per sub-order (a merged row of the older variant stays one line).
select {{ canonical('order_lines', {
    'order_key': "'douyin:' || order_id",
    'line_key': "'douyin:' || sub_order_id",
    'platform': "'douyin'",
    'item_id': true,
    'product_code': 'coalesce(product_code, item_no)',
    'item_title': true,
    'quantity': true,
    'list_cny': 'unit_price_cny * quantity',
    'line_paid_cny': 'line_receivable_cny',
    'is_gift': 'line_is_paid and line_receivable_cny = 0',
    'refunded_cny': 'line_refunded_cny',
    'exported_at': '_exported_at',
}) }}
from {{ douyin_sub_orders() }} as sub_orders
