-- Kuaishou order lines: the order's one SKU, one row per order.
select {{ canonical('order_lines', {
    'order_key': "'kuaishou:' || order_id",
    'line_key': "'kuaishou:' || order_id",
    'platform': "'kuaishou'",
    'item_id': true,
    'product_code': true,
    'item_title': true,
    'quantity': true,
    'list_cny': 'unit_price_cny * quantity',
    'line_paid_cny': 'amount_paid_cny + coalesce(subsidy_platform_cny, 0) + coalesce(subsidy_anchor_cny, 0)
        + coalesce(discount_payment_cny, 0) + coalesce(gov_subsidy_cny, 0)',
    'is_gift': 'false',
    'exported_at': '_exported_at',
}) }}
from {{ newest('kuaishou', 'orders') }} as versions
where is_current
