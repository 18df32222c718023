{# Splits whole units (cents, parts of a credit) over rows so that they add up exactly: largest remainder, Hamilton 1792.
   A FROM item: all columns of `relation` plus `as_name` (bigint).
     group_by  columns of one split        units   the integer to split, equal on all rows of the group (any sign, NULL gives NULL)
     weight    integer ≥ 0; a group whose weights are all 0 is split evenly
     ties      total order that decides between equal remainders
   |units| is split and the sign put back, so −1.00 splits like 1.00. Products are computed on 38 digits: no overflow, no double. #}
{% macro largest_remainder(relation, group_by, units, weight, ties, as_name) -%}
{%- set groups = group_by | join(', ') -%}
(
    select
        ranked.*,
        cast(
            case when {{ units }} < 0 then -1 else 1 end
            * (_floor + case when _rank <= abs({{ units }}) - _floors then 1 else 0 end) as bigint
        ) as {{ as_name }}
    from (
        select
            floored.*,
            row_number() over (partition by {{ groups }} order by _remainder desc, {{ ties }}) as _rank,
            sum(_floor) over (partition by {{ groups }}) as _floors
        from (
            select
                weighted.*,
                {{ int_div(wide_integer('abs(' ~ units ~ ')') ~ ' * _weight', '_total') }} as _floor,
                {{ wide_integer('abs(' ~ units ~ ')') }} * _weight
                    - _total * {{ int_div(wide_integer('abs(' ~ units ~ ')') ~ ' * _weight', '_total') }} as _remainder
            from (
                select
                    weights.*,
                    case when _given > 0 then {{ wide_integer(weight) }} else 1 end as _weight,
                    case when _given > 0 then _given else {{ wide_integer('_rows') }} end as _total
                from (
                    select
                        given.*,
                        {{ wide_integer('sum(' ~ weight ~ ') over (partition by ' ~ groups ~ ')') }} as _given,
                        count(*) over (partition by {{ groups }}) as _rows
                    from {{ relation }} as given
                ) as weights
            ) as weighted
        ) as floored
    ) as ranked
)
{%- endmacro %}

{# Yuan to whole cents and back; money has two decimals, so both are exact. #}
{% macro cents(amount) %}cast(round(cast({{ amount }} as decimal(28,2)) * 100, 0) as bigint){% endmacro %}
{% macro yuan(cents) %}cast(cast({{ cents }} as decimal(28,2)) * 0.01 as decimal(18,2)){% endmacro %}
