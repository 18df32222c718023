-- What was in each order, with each line's share of the order's net revenue.
select
    order_key,
    cast(line_key as string) as line_key,
    platform,
    cast(product_key as string) as product_key,
    item_id,
    product_code,
    item_title,
    quantity,
    cast(line_class as string) as line_class,
    list_cny,
    line_net_cny
from {{ ref('int_order_lines') }}
