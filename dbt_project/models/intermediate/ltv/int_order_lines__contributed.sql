-- What each line of a paid consumer order contributed: its share of net revenue, less its own costs and its share of the costs of the
-- whole order (freight, fees, commissions), shared by net revenue to the cent. The lines of an order add up to its contribution.
with lines as (

    select lines.order_key, lines.line_key, lines.product_key, lines.is_gift, lines.quantity, lines.line_net_cny, purchases.is_costed
    from {{ ref('int_order_lines') }} as lines
    inner join {{ ref('int_purchases') }} as purchases on lines.order_key = purchases.order_key

),

costs as (select order_key, line_key, sum(amount_cny) as amount_cny from {{ ref('int_order_costs') }} group by order_key, line_key),

beside as (

    -- lines with their costs, and the costs that no line has: those are the whole order's
    select
        lines.*,
        coalesce(lines.order_key, costs.order_key) as any_order_key,
        costs.amount_cny
    from lines
    full outer join costs on lines.order_key = costs.order_key and lines.line_key = costs.line_key

),

weighted as (

    select
        order_key, line_key, product_key, is_gift, quantity, line_net_cny, is_costed,
        coalesce(amount_cny, 0) as own_cny,
        coalesce({{ cents('whole_cny') }}, 0) as whole_cents,
        greatest(coalesce({{ cents('line_net_cny') }}, 0), 0) as weight
    from (
        select beside.*, sum(case when line_key is null then amount_cny end) over (partition by any_order_key) as whole_cny
        from beside
    ) as summed
    where line_key is not null

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
