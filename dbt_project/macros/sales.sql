{# A FROM item: per platform and day whether all of its order files are there. A platform without a scheduled order file has no row. #}
{% macro order_days() -%}
(
    select source as platform, on_date, min(case when is_arrived then 1 else 0 end) = 1 as is_complete
    from {{ ref('int_coverage') }}
    where (',' || feeds || ',') like '%,orders,%'
    group by 1, 2
)
{%- endmacro %}

{# The select columns that sum up rows of int_sales: what a group of orders earned, how much of it is known, and how far it is costed. #}
{% macro sales_summed() %}
        count(*) as orders,
        count(distinct customer_id) as identified_customers,
        sum(receivable_cny) as receivable_cny,
        sum(refunded_cny) as refunded_cny,
        sum(net_revenue_cny) as net_revenue_cny,
        sum(case when net_revenue_cny is not null then receivable_cny end) as known_receivable_cny,
        sum(case when net_revenue_cny is null then 1 else 0 end) as orders_without_net,
        sum(commission_cny) as commission_cny,
        sum(case when is_costed then contribution_cny end) as contribution_cny,
        cast(sum(case when is_costed then receivable_cny else 0 end) as double) / nullif(cast(sum(receivable_cny) as double), 0) as coverage,
        max(case when is_provisional then 1 else 0 end) as provisional_orders
{%- endmacro %}
