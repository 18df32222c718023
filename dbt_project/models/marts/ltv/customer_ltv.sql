-- What each buyer has brought so far, at fixed ages. A window that has not passed is NULL: half a year is not a small year.
-- The same holds where the refunds of an order in the window were never delivered, and for margins where too few orders have the
-- cost of their goods. The total is the sum of what is known; what is not is counted beside it.
{% set windows = [30, 60, 90, 180, 365] %}
with as_of as (

    select max(as_of_on) as as_of_on from {{ source('lake', 'context') }}

),

fitted as (

    select max(why_null) as why_null from {{ source('analytics', 'fit_outcomes') }} where fit = 'lifetime'

),

summed as (

    select
        customer_id,
        min(first_paid_on) as first_paid_on,
        max(paid_on) as last_paid_on,
        count(*) as orders,
        sum(net_revenue_cny) as observed_total_cny,
        sum(case when is_costed then contribution_cny end) as margin_total_cny,
        sum(case when is_costed then receivable_cny else 0 end) as costed_total_cny,
        sum(receivable_cny) as receivable_total_cny,
        {% for days in windows %}
        sum(case when age_days < {{ days }} then net_revenue_cny end) as observed_{{ days }}d_cny,
        count(case when age_days < {{ days }} and net_revenue_cny is null then 1 end) as without_net_{{ days }}d,
        sum(case when age_days < {{ days }} and is_costed then contribution_cny end) as margin_{{ days }}d_cny,
        sum(case when age_days < {{ days }} and is_costed then receivable_cny else 0 end) as costed_{{ days }}d_cny,
        sum(case when age_days < {{ days }} then receivable_cny end) as receivable_{{ days }}d_cny,
        {% endfor %}
        min(case when is_costed then contribution_basis end) as least_basis,
        max(case when is_costed then contribution_basis end) as greatest_basis,
        count(case when net_revenue_cny is null then 1 end) as orders_without_net,
        count(case when not is_costed then 1 end) as orders_without_goods_cost,
        count(case when refund_matures_on is null or refund_matures_on > as_of_on then 1 end) as orders_not_mature
    from {{ ref('int_purchases') }} as purchases
    cross join as_of
    where customer_id is not null
    group by 1

)

select
    -- who
    summed.customer_id,
    summed.first_paid_on,
    summed.last_paid_on,
    cast(summed.orders as bigint) as orders,
    -- net revenue by age
    {% for days in windows %}
    case when {{ days_between('summed.first_paid_on', 'as_of.as_of_on') }} >= {{ days }} and summed.without_net_{{ days }}d = 0
        then cast(summed.observed_{{ days }}d_cny as decimal(18, 2)) end as observed_{{ days }}d_cny,
    {% endfor %}
    cast(summed.observed_total_cny as decimal(18, 2)) as observed_total_cny,
    -- contribution by age
    {% for days in windows %}
    case when {{ days_between('summed.first_paid_on', 'as_of.as_of_on') }} >= {{ days }}
            and {{ ratio('summed.costed_' ~ days ~ 'd_cny', 'summed.receivable_' ~ days ~ 'd_cny') }} >= {{ var('min_contribution_coverage') }}
        then cast(summed.margin_{{ days }}d_cny as decimal(18, 2)) end as margin_{{ days }}d_cny,
    {% endfor %}
    case when {{ ratio('summed.costed_total_cny', 'summed.receivable_total_cny') }} >= {{ var('min_contribution_coverage') }}
        then cast(summed.margin_total_cny as decimal(18, 2)) end as margin_total_cny,
    {{ ratio('summed.costed_total_cny', 'summed.receivable_total_cny') }} as contribution_coverage,
    cast(case when summed.least_basis = summed.greatest_basis then summed.least_basis when summed.least_basis is not null then 'mixed' end as string)
        as contribution_basis,
    -- how far to trust it
    cast(summed.orders_without_net as bigint) as orders_without_net,
    cast(summed.orders_without_goods_cost as bigint) as orders_without_goods_cost,
    summed.orders_not_mature > 0 as is_provisional,
    -- prediction: only a model that beat the naive baselines may fill these
    cast(predictions.p_alive as decimal(9, 8)) as p_alive,
    cast(predictions.order_probability_365d as decimal(9, 8)) as order_probability_365d,
    {% for days in [30, 90, 180, 365] %}
    cast(predictions.predicted_orders_{{ days }}d as decimal(18, 8)) as predicted_orders_{{ days }}d,
    {% endfor %}
    {% for days in [30, 90, 180, 365] %}
    cast(predictions.predicted_{{ days }}d_cny as decimal(18, 2)) as predicted_{{ days }}d_cny,
    {% endfor %}
    cast(predictions.predicted_low_cny as decimal(18, 2)) as predicted_low_cny,
    cast(predictions.predicted_high_cny as decimal(18, 2)) as predicted_high_cny,
    cast(predictions.discount_rate as decimal(9, 8)) as discount_rate,
    coalesce(predictions.prediction_model, 'observed_only: ' || coalesce(fitted.why_null, 'nothing bought that was not given back'))
        as prediction_model
from summed
cross join as_of
cross join fitted
left join {{ source('analytics', 'customer_predictions') }} as predictions on summed.customer_id = predictions.customer_id
