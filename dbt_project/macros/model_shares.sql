{# What every step earns under every model, the models side by side: credit in units of 0.00000001, and cents of the order's net revenue.
   A FROM item: order_key, step, and <model>_units and <model>_cents for each of the attribution models. Expects the CTE `orders` (order_key,
   net_cents). Who earns alone takes all the cents; where several share, both splits close by largest remainder. #}
{% macro model_shares() -%}
{%- set models, alone, money = var('attribution_models'), ['first', 'last', 'last_non_direct', 'last_paid'], [] -%}
{%- for model in models if model not in alone -%}
    {%- do money.append({'units': 'net_cents', 'weight': model ~ '_units', 'as_name': model ~ '_cents'}) -%}
{%- endfor -%}
(
    select
        order_key, step
        {%- for model in models %},
        {{ model }}_units, {{ 'case when ' ~ model ~ '_units > 0 then net_cents end as ' if model in alone }}{{ model }}_cents
        {%- endfor %}
    from {{ largest_remainders(_credits_of(models), ['order_key'], 'step', money) if money else _credits_of(models) }} as closed
)
{%- endmacro %}

{% macro _credits_of(models) -%}
(
    select order_key, step, net_cents{% for model in models %}, cast({{ model }}_units as integer) as {{ model }}_units{% endfor %}
    from {{ largest_remainder(_weighed(models), ['order_key'], '100000000', 'fitted_weight', 'step', 'data_driven_units')
        if 'data_driven' in models else _weighed(models) }} as credits
)
{%- endmacro %}

{# Rule-based credit as it was shared out before anything was fitted, and the weight that data_driven shares by. #}
{% macro _weighed(models) -%}
(
    select
        ruled.order_key, ruled.step, orders.net_cents
        {%- for model in models if model != 'data_driven' %}, ruled.{{ model }}_units{% endfor %},
        {{ data_driven_weight('strengths.strength', 'fit.neutral_strength', 'fit.greatest_strength', 'ruled.seconds_before') }} as fitted_weight
    from {{ ref('int_paths__credited') }} as ruled
    inner join orders on ruled.order_key = orders.order_key
    cross join {{ fitted_strengths() }} as fit
    left join {{ source('analytics', 'touch_strengths') }} as strengths on ruled.channel = strengths.channel
)
{%- endmacro %}
