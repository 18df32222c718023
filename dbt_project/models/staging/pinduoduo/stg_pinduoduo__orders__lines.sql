-- Pinduoduo order lines: the order's one SKU, one row per order.
select {{ canonical('order_lines', {
    'order_key': "'pinduoduo:' || order_id",
    'line_key': "'pinduoduo:' || order_id",
    'platform': "'pinduoduo'",
    'item_id': true,
    'product_code': 'coalesce(product_code, product_code_spu)',
    'item_title': true,
    'quantity': true,
    'list_cny': true,
    'line_paid_cny': 'amount_received_cny',
    'is_gift': 'false',
    'exported_at': '_exported_at',
}) }}
from {{ newest('pinduoduo', 'orders') }} as versions
where is_current
