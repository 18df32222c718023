-- What each line of a paid consumer order contributed: its share of net revenue, less its own costs and its share of the costs of the
-- whole order (freight, fees, commissions), shared by net revenue to the cent. The lines of an order add up to its contribution.
with lines as (

    select lines.order_key, lines.line_key, lines.product_key, lines.is_gift, lines.quantity, lines.line_net_cny, purchases.is_costed
    from {{ ref('int_order_lines') }} as lines
    inner join {{ ref('int_purchases') }} as purchases on lines.order_key = purchases.order_key

),

costs as (

    select costs.order_key, lines.line_key, sum(costs.amount_cny) as amount_cny
    from {{ ref('int_order_costs') }} as costs
    left join lines on costs.order_key = lines.order_key and costs.line_key = lines.line_key
    group by 1, 2

),

weighted as (

    select
        lines.*,
        coalesce(own.amount_cny, 0) as own_cny,
        coalesce({{ cents('whole.amount_cny') }}, 0) as whole_cents,
        greatest(coalesce({{ cents('lines.line_net_cny') }}, 0), 0) as weight
    from lines
    left join costs as own on lines.order_key = own.order_key and lines.line_key = own.line_key
    left join costs as whole on lines.order_key = whole.order_key and whole.line_key is null

)

select
    order_key,
    line_key,
    product_key,
    is_gift,
    quantity,
    is_costed,
    line_net_cny,
    cast(line_net_cny - own_cny - {{ yuan('share_cents') }} as decimal(18, 2)) as contribution_cny
from {{ largest_remainder('weighted', ['order_key'], 'whole_cents', 'weight', 'line_key', 'share_cents') }} as shared
