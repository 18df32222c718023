-- What each reachable person is expected to contribute after the end of a month: the published prediction of their net
-- revenue, else the mean of their cell, times the share of revenue that stays as contribution. A contact that no order was
-- matched to may be a stranger (low: nothing) or one of the unidentified buyers (high: as a reachable buyer).
-- Part of the mart that reads it, since predictions come after the canonical relations.
{{ config(materialized='ephemeral') }}
with persons as (

    select month, max(end_on) as end_on, holder
    from {{ ref('int_pool_months') }}
    where is_reachable
    group by month, holder

),

cells as (

    select * from {{ ref('int_value_cells') }} where is_mature

),

horizons as (

    {% for days in var('asset_horizons_days') %}select {{ days }} as horizon_days{{ ' union all ' if not loop.last }}{% endfor %}

),

-- predictions are made on the build's day: they value the month that ends there, never an earlier one
predictions as (

    select customer_id, predicted_365d_cny, predicted_low_cny, predicted_high_cny, {{ as_of() }} as predicted_on
    from {{ source('analytics', 'customer_predictions') }}

),

predicted_months as (

    select distinct predicted_on from predictions

),

priced as (

    select
        persons.month, persons.holder, horizons.horizon_days,
        states.customer_id is not null as is_matched,
        margins.margin_rate,
        case
            when margins.margin_rate is null then 'costs_unknown'
            when predicted_months.predicted_on is not null then 'prediction'
            when buyers.cell is not null then 'rfm_cell_mean'
            else 'no_mature_cell'
        end as method,
        case when states.customer_id is not null
            then coalesce(predictions.predicted_365d_cny, rfm.mean_net_cny, rf.mean_net_cny, buyers.mean_net_cny, 0)
            else coalesce(strangers.mean_net_cny, 0) end as net_cny,
        case when states.customer_id is not null
            then coalesce(predictions.predicted_low_cny, rfm.low_net_cny, rf.low_net_cny, buyers.low_net_cny, 0) else 0 end as low_net_cny,
        case when states.customer_id is not null
            then coalesce(predictions.predicted_high_cny, rfm.high_net_cny, rf.high_net_cny, buyers.high_net_cny, 0)
            else coalesce(strangers.high_net_cny, 0) end as high_net_cny
    from persons
    cross join horizons
    left join {{ ref('int_value_margins') }} as margins on persons.month = margins.month
    left join {{ ref('int_value_states') }} as states
        on persons.month = states.month and states.days_before = 0 and persons.holder = states.customer_id
    left join predictions
        on persons.holder = predictions.customer_id and persons.end_on = predictions.predicted_on and horizons.horizon_days = 365
    left join predicted_months on persons.end_on = predicted_months.predicted_on and horizons.horizon_days = 365
    {% for name, level, cell in [('rfm', 'rfm', 'states.rfm_cell'), ('rf', 'rf', 'states.rf_cell'), ('buyers', 'buyers', "'buyers'"), ('strangers', 'no_order', "'no_order'")] %}
    left join cells as {{ name }}
        on persons.month = {{ name }}.month and horizons.horizon_days = {{ name }}.horizon_days
        and {{ name }}.cell_level = '{{ level }}' and {{ name }}.cell = {{ cell }}
    {% endfor %}

),

compared as (

    select
        priced.*,
        avg(case when is_matched then cast(net_cny as decimal(18, 8)) end) over (partition by month, horizon_days) as buyer_net_cny
    from priced

)

select
    month,
    holder,
    cast(horizon_days as bigint) as horizon_days,
    is_matched,
    method,
    method in ('prediction', 'rfm_cell_mean') as is_known,
    {{ cents('round(cast(net_cny as double) * margin_rate, 2)') }} as value_cents,
    {{ cents('round(cast(least(low_net_cny, net_cny) as double) * margin_rate, 2)') }} as low_cents,
    {{ cents('round(cast(greatest(high_net_cny, net_cny, case when is_matched then net_cny else coalesce(buyer_net_cny, net_cny) end) as double)'
        ~ ' * margin_rate, 2)') }} as high_cents
from compared
