{# Words of the attribution room. Belongs here: SQL that several attribution models share. Does not: settings (dbt_project.yml). #}

{# 'a', 'b': a list of words as SQL literals. #}
{% macro quoted_list(words) %}{% for word in words %}'{{ word }}'{{ ', ' if not loop.last }}{% endfor %}{% endmacro %}

{# A FROM item with one row per attribution model, column `model`. #}
{% macro attribution_models() -%}
({% for model in var('attribution_models') %}select '{{ model }}' as model{{ ' union all ' if not loop.last }}{% endfor %})
{%- endmacro %}

{# Until when a touch may lead to an order: the lookback of its channel's class, or of ad views. Both ends count. #}
{% macro expires_at(touched_at, touch_type, kind) -%}
{%- set days = var('lookback_days') -%}
{%- for name in days if name not in ['paid', 'owned', 'earned', 'direct', 'default', 'ad_view'] -%}
    {{ exceptions.raise_compiler_error("lookback_days knows paid, owned, earned, direct, default and ad_view, not '" ~ name ~ "'") }}
{%- endfor -%}
cast(case
        when {{ touch_type }} in ({{ quoted_list(var('ad_view_touch_types')) }}) then {{ touched_at }} + interval '{{ days['ad_view'] }}' day
        {%- for name in ['paid', 'owned', 'earned', 'direct'] if name in days %}
        when {{ kind }} = '{{ name }}' then {{ touched_at }} + interval '{{ days[name] }}' day
        {%- endfor %}
        else {{ touched_at }} + interval '{{ days['default'] }}' day
    end as timestamp)
{%- endmacro %}

{# Whether a touch is a step of the purchase itself: opening the own shop unasked, or what the shop asks for on the way to the till (a coupon
   fetched, a membership, a phone number), from shortly before the order was placed until it was paid. NULL-safe. #}
{% macro is_buying_session(touch_type, campaign, touched_at, ordered_at, converted_at) -%}
coalesce(
            ({{ touch_type }} = 'visit' and {{ campaign }} is null or {{ touch_type }} in ({{ quoted_list(var('buying_session_touch_types')) }}))
            and {{ seconds_between(touched_at, ordered_at) }} <= 60 * {{ var('buying_session_minutes') }}
            and {{ touched_at }} <= {{ converted_at }},
            false
        )
{%- endmacro %}

{# Divided in double and rounded once; NULL where there is nothing to divide by. #}
{% macro ratio(numerator, denominator) -%}
cast(cast({{ numerator }} as double) / nullif(cast({{ denominator }} as double), 0) as decimal(18, 8))
{%- endmacro %}

{# Yuan per head. #}
{% macro unit_amount(amount, heads) -%}
cast(cast({{ amount }} as double) / nullif(cast({{ heads }} as double), 0) as decimal(18, 2))
{%- endmacro %}

{# Aggregate: the texts joined in the order of a whole number below a million. #}
{% macro joined_in_order(text, place, separator) -%}
{{ regexp_replace(array_to_string(collect_sorted("lpad(cast(" ~ place ~ " as string), 6, '0') || ':' || " ~ text), separator), '[0-9]{6}:', '') }}
{%- endmacro %}
