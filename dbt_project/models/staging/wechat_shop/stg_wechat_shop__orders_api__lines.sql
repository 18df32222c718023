-- WeChat shop order lines of the API, one row per SKU of the order's newest state.
with rows_now as (

    select * from {{ newest('wechat_shop', 'orders_api') }} as versions where is_current

)

select {{ canonical('order_lines', {
    'order_key': "'wechat_shop:' || order_id",
    'line_key': "'wechat_shop:' || order_id || ':' || coalesce(line.sku_id, line.item_id)",
    'platform': "'wechat_shop'",
    'item_id': 'line.item_id',
    'product_code': 'line.product_code',
    'item_title': 'line.item_title',
    'quantity': 'line.quantity',
    'list_cny': 'coalesce(line.list_price_cny, line.unit_price_cny) * line.quantity',
    'line_paid_cny': 'line.line_paid_cny',
    'is_gift': 'coalesce(line.line_paid_cny = 0 and line.unit_price_cny = 0, false)',
    'exported_at': '_exported_at',
}) }}
from rows_now
{{ explode('rows_now.lines', 'line') }}
