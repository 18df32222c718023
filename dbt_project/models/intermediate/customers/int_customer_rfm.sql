-- The eight RFM segments: recency, frequency and money of each buyer against the average buyer, a quantile of the buyers or fixed
-- borders. Borders are fitted on orders up to the last complete month, so that a daily run moves customers and not the borders.
{% set kind = var('rfm_borders') %}
{% if kind not in ['average', 'quantile', 'fixed'] %}
{{ exceptions.raise_compiler_error("rfm_borders is '" ~ kind ~ "', known are average, quantile and fixed") }}
{% endif %}
with fitted_until as (

    select cast(date_trunc('month', {{ as_of() }}) as timestamp) as month_start

),

purchases as (

    select
        orders.customer_id,
        orders.paid_at,
        orders.net_revenue_cny,
        orders.paid_at < fitted_until.month_start as is_fitted
    from {{ ref('int_orders') }} as orders
    cross join fitted_until
    where orders.customer_order_number is not null

),

fitted as (

    select
        customer_id,
        {{ days_between('max(paid_at)', 'max(fitted_until.month_start)') }} as recency_days,
        count(*) as orders,
        sum(coalesce(net_revenue_cny, 0)) as net_revenue_cny
    from purchases
    cross join fitted_until
    where is_fitted
    group by customer_id

),

borders as (

    {% if kind == 'average' %}
    select
        round(avg(cast(recency_days as double)), 8) as recency_days,
        round(avg(cast(orders as double)), 8) as orders,
        round(cast(sum(net_revenue_cny) as double) / nullif(count(*), 0), 8) as net_revenue_cny
    from fitted
    {% elif kind == 'quantile' %}
    -- the value that this share of the buyers does not exceed: an order statistic, exact on every engine
    select
        {% for figure in ['recency_days', 'orders', 'net_revenue_cny'] %}
        cast(max(case when {{ figure }}_place = greatest(ceil(buyers * {{ var('rfm_quantile') }}), 1) then {{ figure }} end) as double)
            as {{ figure }}{{ ',' if not loop.last }}
        {% endfor %}
    from (
        select
            fitted.*,
            count(*) over () as buyers,
            {% for figure in ['recency_days', 'orders', 'net_revenue_cny'] %}
            row_number() over (order by {{ figure }}, customer_id) as {{ figure }}_place{{ ',' if not loop.last }}
            {% endfor %}
        from fitted
    ) as ranked
    {% else %}
    select
        {% for figure in ['recency_days', 'orders', 'net_revenue_cny'] %}
        cast({{ var('rfm_fixed')[figure] }} as double) as {{ figure }}{{ ',' if not loop.last }}
        {% endfor %}
    {% endif %}

),

today as (

    select
        customer_id,
        {{ days_between('max(paid_at)', as_of()) }} as recency_days,
        count(*) as orders,
        sum(coalesce(net_revenue_cny, 0)) as net_revenue_cny
    from purchases
    group by customer_id

)

select
    today.customer_id,
    cast(today.recency_days as bigint) as recency_days,
    case when borders.orders is not null then
        case when cast(today.net_revenue_cny as double) > borders.net_revenue_cny then 'important' else 'general' end || '_'
        || case
            when today.recency_days <= borders.recency_days and today.orders > borders.orders then 'value'
            when today.recency_days <= borders.recency_days then 'develop'
            when today.orders > borders.orders then 'retain'
            else 'win_back'
        end
    end as rfm_segment
from today
cross join borders
