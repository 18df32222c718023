{# The identity guards of `vars` in dbt_project.yml as SQL. Belongs here: how a rule's numbers become an expression. Does not: the numbers. #}

{# The number that a var mapping gives a key type or trust; NULL where it gives none. #}
{% macro by_key_type(column, numbers) -%}
case {{ column }}{% for name, number in numbers.items() %} when '{{ name }}' then {{ number }}{% endfor %} end
{%- endmacro %}

{# How many stronger keys of one type and scope may stand beside a key: the lower of the caps of its type and of its trust. A key or trust that no
   seed names is held to the strictest cap, and a person's ruling to none. #}
{% macro fan_out_cap(uses) -%}
case
    when {{ uses }}.is_ruled then null
    when {{ uses }}.is_unknown then {{ var('identity_unknown_cap') }}
    else least(
        cast({{ by_key_type(uses ~ '.key_type', var('identity_fan_out_caps')) }} as bigint),
        cast({{ by_key_type(uses ~ '.trust', var('identity_trust_caps')) }} as bigint)
    )
end
{%- endmacro %}

{# True where the class of a value lets it be a key. #}
{% macro is_usable(uses) -%}
coalesce({{ uses }}.key_class in ({% for name in var('identity_usable_classes') %}'{{ name }}'{{ ', ' if not loop.last }}{% endfor %}), false)
{%- endmacro %}

{# A select of the uses that count where a key is held to its cap: whoever receives a parcel, an account that is nobody's, a repeated number do not. #}
{% macro uses_that_fan_out(columns) %}
    select {{ columns }}
    from {{ ref('int_identity_uses') }} as uses
    left join {{ ref('int_identity_guards__receivers') }} as receivers
        on uses.record_key = receivers.record_key and uses.node_id = receivers.node_id and uses.trust = receivers.trust
    left join {{ ref('int_identity_crowds') }} as crowds on uses.node_id = crowds.account_id
    where {{ is_usable('uses') }} and receivers.record_key is null and crowds.account_id is null and not uses.is_holder_unknown
{%- endmacro %}

{# True where the value stands for nobody at all: blocked, or what a system writes where it knows none. #}
{% macro stands_for_nobody(uses) -%}
(not {{ is_usable(uses) }} and coalesce({{ uses }}.key_class, '') in ('blocked', 'placeholder'))
{%- endmacro %}
