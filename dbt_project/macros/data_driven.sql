{# The model data_driven: how much of an order each of its touches earns, from the fitted strengths of channels.
   Credit ∝ strength[channel] × 2^(-age ÷ half-life): the share of the touch in the hazard of buying at that moment (Zhang, Wei,
   Ren 2014, ICDM, section III). A channel only earns from orders it touched, and all of those it alone touched. A channel of
   which the fit knows nothing has the neutral strength; without a fit the weights are exactly those of time_decay.
   A FROM item: order_key, model, applied_model, touch_key, credit_units. #}
{% macro data_driven_credit() -%}
(
    select order_key, model, applied_model, touch_key, cast(100000000 as bigint) as credit_units
    from {{ data_driven_weights('steps = 1') }} as alone
    union all
    select order_key, model, applied_model, touch_key, credit_units
    from {{ largest_remainder(data_driven_weights('steps > 1'), ['order_key'], '100000000', 'weight', 'touched_at, touch_key', 'credit_units') }}
        as shared
    where credit_units > 0
)
{%- endmacro %}

{% macro data_driven_weights(which) -%}
(
    select
        paths.order_key,
        paths.touch_key,
        paths.touched_at,
        'data_driven' as model,
        case when fit.neutral_strength is null then 'time_decay' else 'data_driven' end as applied_model,
        cast(greatest(
            1,
            round(
                100000000 * coalesce(coalesce(strengths.strength, fit.neutral_strength) / fit.greatest_strength, 1)
                * power(2.0, -cast(paths.seconds_before as double) / (86400.0 * {{ var('time_decay_half_life_days') }}))
            )
        ) as bigint) as weight
    from {{ ref('int_paths') }} as paths
    cross join (
        select max(neutral_strength) as neutral_strength, greatest(max(strength), max(neutral_strength)) as greatest_strength
        from {{ source('analytics', 'touch_strengths') }}
    ) as fit
    left join {{ source('analytics', 'touch_strengths') }} as strengths on paths.channel = strengths.channel
    where {{ which }}{% if 'data_driven' not in var('attribution_models') %} and 1 = 0{% endif %}
)
{%- endmacro %}
