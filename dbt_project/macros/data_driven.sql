{# The model data_driven: what a step weighs by the fitted strength of its channel, as a whole number.
   Credit ∝ strength[channel] × 2^(-age ÷ half-life): the share of the touch in the hazard of buying at that moment (Zhang, Wei,
   Ren 2014, ICDM, section III). A channel only earns from orders it touched, and all of those it alone touched. A channel of
   which the fit knows nothing has the neutral strength; one that hastens nothing earns nothing beside others; without a fit the weights are
   exactly those of time_decay.
   `strength`, `neutral` and `greatest` are columns of fitted_strengths(). #}
{% macro data_driven_weight(strength, neutral, greatest, seconds_before) -%}
cast(greatest(
            case when {{ neutral }} is null then 1 else 0 end,
            round(
                100000000 * coalesce(coalesce({{ strength }}, {{ neutral }}) / {{ greatest }}, 1)
                * power(2.0, -cast({{ seconds_before }} as double) / (86400.0 * {{ var('time_decay_half_life_days') }}))
            )
        ) as bigint)
{%- endmacro %}

{# A FROM item of one row, also where nothing was fitted: the strength of a strange channel and the greatest of all, or NULLs. #}
{% macro fitted_strengths() -%}
(
        select max(neutral_strength) as neutral_strength, greatest(max(strength), max(neutral_strength)) as greatest_strength
        from {{ source('analytics', 'touch_strengths') }}
    )
{%- endmacro %}
