-- Vipshop settlement lines, one row per period, order and barcode.
select {{ canonical('order_lines', {
    'order_key': "'vipshop:' || order_id",
    'line_key': '_record_key',
    'platform': "'vipshop'",
    'item_id': 'barcode',
    'product_code': 'item_no',
    'item_title': true,
    'quantity': true,
    'list_cny': 'sale_cny',
    'line_paid_cny': 'coalesce(sale_cny, 0) - coalesce(promo_sale_cny, 0)',
    'is_gift': 'false',
    'refunded_cny': 'coalesce(returned_cny, 0) - coalesce(promo_return_cny, 0) + coalesce(price_protection_net_cny, 0)',
    'exported_at': '_exported_at',
}) }}
from {{ newest('vipshop', 'settlement') }} as versions
where is_current
