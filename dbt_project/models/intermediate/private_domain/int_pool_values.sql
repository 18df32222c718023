-- What each reachable person is expected to contribute after the end of a month: the published prediction of their net
-- revenue, else the mean of their cell, times the share of revenue that stays as contribution. A contact that no order was
-- matched to may be a stranger (low: nothing) or one of the unidentified buyers (high: as a reachable buyer).
{{ config(materialized='ephemeral') }}
with kinds as (

    select
        month, end_on, kind,
        max(rfm_cell) as rfm_cell,
        max(rf_cell) as rf_cell,
        max(predicted_365d_cny) as predicted_365d_cny,
        max(predicted_low_cny) as predicted_low_cny,
        max(predicted_high_cny) as predicted_high_cny,
        count(*) as persons
    from {{ ref('int_pool_values__placed') }}
    group by 1, 2, 3

),

cells as (

    select * from {{ ref('int_value_cells') }} where is_mature

),

horizons as (

    {% for days in var('asset_horizons_days') %}select {{ days }} as horizon_days{{ ' union all ' if not loop.last }}{% endfor %}

),

predicted_months as (

    select distinct {{ as_of() }} as predicted_on from {{ source('analytics', 'customer_predictions') }}

),

priced as (

    select
        kinds.month, kinds.kind, kinds.persons, horizons.horizon_days,
        kinds.rfm_cell is not null as is_matched,
        margins.margin_rate,
        case
            when margins.margin_rate is null then 'costs_unknown'
            when predicted_months.predicted_on is not null then 'prediction'
            when buyers.cell is not null then 'rfm_cell_mean'
            else 'no_mature_cell'
        end as method,
        case when kinds.rfm_cell is not null
            then coalesce(case when horizons.horizon_days = 365 then kinds.predicted_365d_cny end, rfm.mean_net_cny, rf.mean_net_cny, buyers.mean_net_cny, 0)
            else coalesce(strangers.mean_net_cny, 0) end as net_cny,
        case when kinds.rfm_cell is not null
            then coalesce(case when horizons.horizon_days = 365 then kinds.predicted_low_cny end, rfm.low_net_cny, rf.low_net_cny, buyers.low_net_cny, 0)
            else 0 end as low_net_cny,
        case when kinds.rfm_cell is not null
            then coalesce(case when horizons.horizon_days = 365 then kinds.predicted_high_cny end, rfm.high_net_cny, rf.high_net_cny, buyers.high_net_cny, 0)
            else coalesce(strangers.high_net_cny, 0) end as high_net_cny
    from kinds
    cross join horizons
    left join {{ ref('int_value_margins') }} as margins on kinds.month = margins.month
    left join predicted_months on kinds.end_on = predicted_months.predicted_on and horizons.horizon_days = 365
    {% for name, level, cell in [('rfm', 'rfm', 'kinds.rfm_cell'), ('rf', 'rf', 'kinds.rf_cell'), ('buyers', 'buyers', "'buyers'"), ('strangers', 'no_order', "'no_order'")] %}
    left join cells as {{ name }}
        on kinds.month = {{ name }}.month and horizons.horizon_days = {{ name }}.horizon_days
        and {{ name }}.cell_level = '{{ level }}' and {{ name }}.cell = {{ cell }}
    {% endfor %}

),

buyers as (

    select
        month, horizon_days,
        cast(sum(cast(net_cny as decimal(18, 8)) * cast(persons as decimal(18, 0))) as double) / cast(sum(persons) as double) as net_cny
    from priced
    where is_matched
    group by 1, 2

)

select
    priced.month,
    priced.kind,
    cast(priced.horizon_days as bigint) as horizon_days,
    priced.method,
    priced.method in ('prediction', 'rfm_cell_mean') as is_known,
    {{ cents('round(cast(priced.net_cny as double) * priced.margin_rate, 2)') }} as value_cents,
    {{ cents('round(cast(least(priced.low_net_cny, priced.net_cny) as double) * priced.margin_rate, 2)') }} as low_cents,
    {{ cents('round(cast(greatest(priced.high_net_cny, priced.net_cny, case when priced.is_matched then priced.net_cny'
        ~ ' else coalesce(buyers.net_cny, priced.net_cny) end) as double) * priced.margin_rate, 2)') }} as high_cents
from priced
left join buyers on priced.month = buyers.month and priced.horizon_days = buyers.horizon_days
