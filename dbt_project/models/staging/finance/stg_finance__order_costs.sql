-- Costs that orders bore, one row per line of the newest list of an order. A cost type nobody knows is no cost of an order.
select {{ canonical('order_costs', {
    'order_key': "platform || ':' || order_id",
    'line_key': "case when line_id <> '0' then platform || ':' || order_id || ':' || line_id end",
    'cost_type': true,
    'amount_cny': true,
    'basis': true,
    'incurred_on': true,
}) }}
from {{ newest('finance', 'order_costs') }} as versions
where is_current and cost_type not like 'unknown:%'
