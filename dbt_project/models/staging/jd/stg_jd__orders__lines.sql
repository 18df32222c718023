-- JD order lines, one row per SKU row; the file pays by order, so lines share it by list price. Split parents are no orders.
select {{ canonical('order_lines', {
    'order_key': "'jd:' || order_id",
    'line_key': '_record_key',
    'platform': "'jd'",
    'item_id': 'sku_id',
    'product_code': 'coalesce(product_code, item_no)',
    'item_title': true,
    'quantity': true,
    'list_cny': 'unit_price_cny * quantity',
    'is_gift': 'coalesce(unit_price_cny = 0, false)',
    'exported_at': '_exported_at',
}) }}
from {{ newest('jd', 'orders') }} as versions
where is_current and not {{ has_tag('status_marks', 'deleted') }} and not {{ has_tag('split_mark', 'split_parent') }}
