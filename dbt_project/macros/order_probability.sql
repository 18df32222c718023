{# The published lifetime model, applied: the chance that a buyer buys again. Closed form, so that every month's end can be judged alike.
   Belongs here: the formula and its parameters. Does not: the border that makes a buyer core (dbt_project.yml). #}

{# A FROM item of one row: model, r, alpha, a, b of the published purchase model; all NULL where none is published. #}
{% macro published_lifetime_model() -%}
(
    select
        max(model) as model{% for name in ['r', 'alpha', 'a', 'b'] %},
        max(case when parameter = '{{ name }}' then value end) as {{ name }}{% endfor %}
    from {{ source('analytics', 'lifetime_parameters') }}
    where is_published and model <> 'gamma_gamma'
)
{%- endmacro %}

{# P(at least one purchase in the next `horizon` days) after `repeats` later purchase days, the last `t_x` days after the first, `days` days
   watched: P(alive) × (1 − ((alpha + T) / (alpha + T + h))^(r + x)), P(alive) by Fader, Hardie 2008 (BG/NBD) and Batislam et al. 2007
   (MBG/NBD, where the first purchase may be the last). `fit` names the row of parameters. NULL without one. In logarithms: no overflow. #}
{% macro order_probability(fit, repeats, t_x, days, horizon) -%}
{%- set left = 'ln(' ~ fit ~ '.alpha + ' ~ days ~ ')' -%}
round(
    (1 - exp(({{ fit }}.r + {{ repeats }}) * ({{ left }} - ln({{ fit }}.alpha + {{ days }} + {{ horizon }}))))
    / (1 + case
        when {{ fit }}.model = 'bg_nbd' and {{ repeats }} = 0 then 0
        else {{ fit }}.a / ({{ fit }}.b + {{ repeats }} - case when {{ fit }}.model = 'bg_nbd' then 1 else 0 end)
            * exp(least(({{ fit }}.r + {{ repeats }}) * ({{ left }} - ln({{ fit }}.alpha + {{ t_x }})), 700))
    end), 8
)
{%- endmacro %}
