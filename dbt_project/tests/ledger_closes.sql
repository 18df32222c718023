-- Every paid consumer order is in the ledger once per model: its credit is exactly 1, its money exactly its net revenue.
-- Where only some orders and rows of the ledger changed, these are asked: the others closed when they came.
{%- set changed = keys_that_changed('order_key', [ref('int_orders'), ref('fct_attribution')]) %}
with orders as (

    select order_key, net_revenue_cny
    from {{ ref('int_orders') }}
    where is_paid and order_class = 'consumer_sale'{% if changed %} and order_key in ({{ changed }}){% endif %}

),

expected as (

    select orders.order_key, models.model, orders.net_revenue_cny
    from orders
    cross join {{ attribution_models() }} as models

),

ledger as (

    select
        order_key, model,
        sum(credit) as credit,
        sum(attributed_revenue_cny) as revenue_cny,
        count(*) as row_count,
        count(attributed_revenue_cny) as rows_with_money
    from {{ ref('fct_attribution') }}
    {%- if changed %}
    where order_key in ({{ changed }})
    {%- endif %}
    group by 1, 2

)

select
    coalesce(expected.order_key, ledger.order_key) as order_key,
    coalesce(expected.model, ledger.model) as model,
    expected.net_revenue_cny,
    ledger.revenue_cny,
    ledger.credit
from expected
full outer join ledger on expected.order_key = ledger.order_key and expected.model = ledger.model
where expected.order_key is null
    or ledger.order_key is null
    or ledger.credit <> 1
    or coalesce(ledger.revenue_cny, 0) <> coalesce(expected.net_revenue_cny, 0)
    or (expected.net_revenue_cny is null and ledger.rows_with_money > 0)
    or (expected.net_revenue_cny is not null and ledger.rows_with_money < ledger.row_count)
