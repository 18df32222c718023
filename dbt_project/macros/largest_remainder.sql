{# Splits whole units (cents, parts of a credit) over rows so that they add up exactly: largest remainder, Hamilton 1792.
   A FROM item: all columns of `relation` plus `as_name` (bigint).
     group_by  columns of one split        units   the integer to split, equal on all rows of the group (any sign, NULL gives NULL)
     weight    integer ≥ 0; a group whose weights are all 0 is split evenly; the weights of a group add up to a bigint
     ties      total order that decides between equal remainders
   |units| is split and the sign put back, so −1.00 splits like 1.00. Products are computed on 38 digits: no overflow, no double. #}
{% macro largest_remainder(relation, group_by, units, weight, ties, as_name) -%}
{{ largest_remainders(relation, group_by, ties, [{'units': units, 'weight': weight, 'as_name': as_name}]) }}
{%- endmacro %}

{# Several splits of the same groups side by side, each {units, weight, as_name}: the rows stay one, so that eight models cost the sorts of
   one table and not a table eight times as long. What stands between the steps is bigint, since every window carries all of it. #}
{% macro largest_remainders(relation, group_by, ties, splits) -%}
{%- set groups = group_by | join(', ') -%}
(
    select
        ranked.*
        {%- for split in splits %}{% set n = loop.index %},
        cast(
            case when {{ split.units }} < 0 then -1 else 1 end
            * (_floor_{{ n }} + case when _rank_{{ n }} <= abs({{ split.units }}) - _floors_{{ n }} then 1 else 0 end) as bigint
        ) as {{ split.as_name }}
        {%- endfor %}
    from (
        select
            floored.*
            {%- for split in splits %}{% set n = loop.index %},
            row_number() over (partition by {{ groups }} order by _remainder_{{ n }} desc, {{ ties }}) as _rank_{{ n }},
            sum(_floor_{{ n }}) over (partition by {{ groups }}) as _floors_{{ n }}
            {%- endfor %}
        from (
            select
                given.*
                {%- for split in splits %}{% set n = loop.index %}
                {%- set product = wide_integer('abs(' ~ split.units ~ ')') ~ ' * _weight_' ~ n %},
                cast({{ int_div(product, '_total_' ~ n) }} as bigint) as _floor_{{ n }},
                cast({{ product }} - {{ wide_integer('_total_' ~ n) }} * {{ int_div(product, '_total_' ~ n) }} as bigint) as _remainder_{{ n }}
                {%- endfor %}
            from (
                select
                    weights.*
                    {%- for split in splits %}{% set n = loop.index %},
                    case when _given_{{ n }} > 0 then cast({{ split.weight }} as bigint) else 1 end as _weight_{{ n }},
                    case when _given_{{ n }} > 0 then _given_{{ n }} else _rows end as _total_{{ n }}
                    {%- endfor %}
                from (
                    select
                        rows_to_split.*,
                        {%- for split in splits %}
                        cast(sum({{ split.weight }}) over (partition by {{ groups }}) as bigint) as _given_{{ loop.index }},
                        {%- endfor %}
                        count(*) over (partition by {{ groups }}) as _rows
                    from {{ relation }} as rows_to_split
                ) as weights
            ) as given
        ) as floored
    ) as ranked
)
{%- endmacro %}

{# What the part numbered `place` (1, 2, …) gets of whole units that are split evenly among `parts`: largest remainder of equal weights, whose ties
   are decided by the place. #}
{% macro even_share(units, parts, place) -%}
(
            case when {{ units }} < 0 then -1 else 1 end
            * ({{ int_div('abs(' ~ units ~ ')', parts) }} + case when {{ place }} <= abs({{ units }}) % {{ parts }} then 1 else 0 end)
        )
{%- endmacro %}

{# Yuan to whole cents and back; money has two decimals, so both are exact. #}
{% macro cents(amount) %}cast(round(cast({{ amount }} as decimal(28,2)) * 100, 0) as bigint){% endmacro %}
{% macro yuan(cents) %}cast(cast({{ cents }} as decimal(28,2)) * 0.01 as decimal(18,2)){% endmacro %}
