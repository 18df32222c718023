-- WeChat shop order lines of the back office, one row per line. Orders that the API tells too keep the API's lines: two files never make one line two.
with rows_now as (

    select * from {{ newest('wechat_shop', 'orders') }} as versions where is_current

),

told_by_api as (

    select order_id from {{ newest('wechat_shop', 'orders_api') }} as versions where is_current

)

select {{ canonical('order_lines', {
    'order_key': "'wechat_shop:' || order_id",
    'line_key': '_record_key',
    'platform': "'wechat_shop'",
    'item_id': true,
    'product_code': 'coalesce(product_code, product_code_spu)',
    'item_title': true,
    'quantity': true,
    'list_cny': 'list_price_cny * quantity',
    'line_paid_cny': 'coalesce(line_paid_cny, unit_paid_cny * quantity)',
    'is_gift': 'coalesce(line_paid_cny = 0 and list_price_cny = 0, false)',
    'refunded_cny': true,
    'exported_at': '_exported_at',
}) }}
from rows_now
where not exists (select 1 from told_by_api where told_by_api.order_id = rows_now.order_id)
