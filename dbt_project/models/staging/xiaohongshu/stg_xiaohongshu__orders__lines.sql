-- Xiaohongshu order lines, one row per SKU row of the order's newest export.
select {{ canonical('order_lines', {
    'order_key': "'xiaohongshu:' || order_id",
    'line_key': '_record_key',
    'platform': "'xiaohongshu'",
    'item_id': 'coalesce(item_id, sku_id)',
    'product_code': 'coalesce(product_code, barcode)',
    'item_title': 'coalesce(item_title, product_title)',
    'quantity': true,
    'list_cny': true,
    'line_paid_cny': 'coalesce(amount_received_cny, amount_due_cny + coalesce(discount_platform_cny, 0))',
    'is_gift': 'coalesce(is_gift, false)',
    'exported_at': '_exported_at',
}) }}
from {{ newest('xiaohongshu', 'orders') }} as versions
where is_current
