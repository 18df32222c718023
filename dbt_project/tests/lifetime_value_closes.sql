-- One sum of money, told five ways, to the cent: the published orders, the ledger under every model, the cohort triangle, and
-- customers plus the orders that nobody is known of.
with told as (

    select 'orders' as teller, sum(net_revenue_cny) as net_cny
    from {{ ref('fct_orders') }}
    where is_paid and order_class = 'consumer_sale'
    union all
    select 'ledger, ' || models.model, sum(ledger.attributed_revenue_cny)
    from {{ attribution_models() }} as models
    left join {{ ref('fct_attribution') }} as ledger on models.model = ledger.model
    group by models.model
    union all
    select 'cohorts', sum(net_revenue_cny)
    from {{ ref('cohort_ltv') }}
    union all
    select 'customers and unidentified', sum(net_cny)
    from (
        select sum(observed_total_cny) as net_cny from {{ ref('customer_ltv') }}
        union all
        select sum(net_revenue_cny) from {{ ref('cohort_ltv') }} where acquisition_domain = 'unidentified'
    ) as parts

)

select told.teller, told.net_cny, orders.net_cny as orders_cny
from told
inner join told as orders on orders.teller = 'orders'
where coalesce(told.net_cny, 0) <> coalesce(orders.net_cny, 0)
