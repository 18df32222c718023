-- How each rule-based model shares one order among its steps, in whole units of 0.00000001 that add up to exactly 1.
-- Weights are integers, so the shares are the same on every engine and in every order of computation. Models stand side by side,
-- one column each: a row per model would make the sorts of the largest remainder as many times dearer.
{% set alone = ['first', 'last', 'last_non_direct', 'last_paid'] %}
{% set splits = [] %}
{% for model in var('attribution_models') if model not in alone and model != 'data_driven' -%}
    {% do splits.append({'units': '100000000', 'weight': model ~ '_weight', 'as_name': model ~ '_units'}) %}
{%- endfor %}
with paths as (

    select
        order_key, step, steps, channel, seconds_before,
        max(case when coalesce(channel_kind, '') <> 'direct' then step end) over (partition by order_key) as last_non_direct_step,
        max(case when channel_kind = 'paid' then step end) over (partition by order_key) as last_paid_step
    from {{ ref('int_paths') }}

),

weighted as (

    select
        order_key,
        step,
        channel,
        seconds_before,
        -- who earns alone
        case when step = 1 then 100000000 else 0 end as first_units,
        case when step = steps then 100000000 else 0 end as last_units,
        case when step = coalesce(last_non_direct_step, steps) then 100000000 else 0 end as last_non_direct_units,
        case when step = coalesce(last_paid_step, steps) then 100000000 else 0 end as last_paid_units,
        -- what a step weighs where all share
        cast(1 as bigint) as linear_weight,
        cast(case
            when steps <= 2 then 1
            when step = 1 then {{ var('position_first_percent') }} * (steps - 2)
            when step = steps then {{ var('position_last_percent') }} * (steps - 2)
            else 100 - {{ var('position_first_percent') }} - {{ var('position_last_percent') }}
        end as bigint) as position_based_weight,
        -- in real time, not whole days; at least one unit, so that a long lookback never makes a touch weightless
        cast(greatest(
            1, round(100000000 * power(2.0, -cast(seconds_before as double) / (86400.0 * {{ var('time_decay_half_life_days') }})))
        ) as bigint) as time_decay_weight
    from paths

)

select
    order_key,
    step,
    channel,
    seconds_before
    {%- for model in var('attribution_models') if model != 'data_driven' %},
    cast({{ model }}_units as integer) as {{ model }}_units
    {%- endfor %}
from {{ largest_remainders('weighted', ['order_key'], 'step', splits) if splits else 'weighted' }} as shared
