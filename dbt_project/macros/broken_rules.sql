{# A select with the columns `rule` and `failing_rows`: what `claims` (the arguments of `holds`) say of a relation and is not so. #}
{% macro broken_rules(relation, claims, prefix='') %}
{%- set keys, names, counts = [], [], [] -%}
{%- set key = claims.get('key') -%}
{%- if key -%}{%- do keys.append([key] if key is string else key) -%}{%- do names.append('key ' ~ keys[0] | join(', ')) -%}{%- endif -%}
{%- for name, columns in claims.get('other_keys', {}).items() -%}{%- do keys.append(columns) -%}{%- do names.append(name) -%}{%- endfor -%}
{%- for key in keys -%}{%- do counts.append('key_' ~ loop.index ~ '.failing_keys') -%}{%- endfor -%}
{%- for column in claims.get('never_null', []) -%}
    {%- do names.append('never_null ' ~ column) -%}{%- do counts.append('count(*) - count(' ~ column ~ ')') -%}
{%- endfor -%}
{%- for column, values in claims.get('one_of', {}).items() -%}
    {%- do names.append('one_of ' ~ column) -%}
    {%- do counts.append('count(case when ' ~ column ~ " not in ('" ~ values | join("', '") ~ "') then 1 end)") -%}
{%- endfor -%}
{%- for name, rule in claims.get('rules', {}).items() -%}
    {%- set expression, where_true = (rule, 'true') if rule is string else (rule.expression, rule.where) -%}
    {%- do names.append(name) -%}
    {%- do counts.append('count(case when (' ~ where_true ~ ') and not coalesce(' ~ expression ~ ', false) then 1 end)') -%}
{%- endfor -%}
{%- set came = rows_that_came(relation) -%}
{%- if not names -%}{{ exceptions.raise_compiler_error('nothing is said to hold of ' ~ relation) }}{%- endif -%}
select rule, failing_rows
from (
    select
        named.rule,
        case named.rule_number
            {%- for count in counts %}
            when {{ loop.index }} then {{ count if loop.index <= keys | length else 'counted.rule_' ~ loop.index }}
            {%- endfor %}
        end as failing_rows
    from (values {% for name in names %}({{ loop.index }}, '{{ prefix ~ name }}'){{ ', ' if not loop.last }}{% endfor %}) as named (rule_number, rule)
    {%- for key in keys %}
    cross join (
        select count(*) as failing_keys
        from (
            {%- if came %}
            select {{ numbered(key) }}
            from (select {{ numbered(key, named=true) }} from {{ relation }}) as everything
            where exists (
                select 1 from (select {{ numbered(key, named=true) }} from {{ came }} as news) as came
                where {% for column in key %}came.part_{{ loop.index }} is not distinct from everything.part_{{ loop.index }}{{ ' and ' if not loop.last }}{% endfor %}
            )
            group by {{ numbered(key) }}
            having count(*) > 1{% if key | length == 1 %} or part_1 is null{% endif %}
            {%- else %}
            select {{ key | join(', ') }}
            from {{ relation }}
            group by {{ key | join(', ') }}
            having count(*) > 1{% if key | length == 1 %} or {{ key[0] }} is null{% endif %}
            {%- endif %}
        ) as doubled
    ) as key_{{ loop.index }}
    {%- endfor %}
    {%- if counts | length > keys | length %}
    cross join (
        select
            {%- for count in counts[keys | length:] %}
            {{ count }} as rule_{{ loop.index + keys | length }}{{ ',' if not loop.last }}
            {%- endfor %}
        from {{ came or relation }}{{ ' as came' if came }}
    ) as counted
    {%- endif %}
) as judged
where failing_rows > 0
{%- endmacro %}

{# The parts of a key, each a column or an expression, by names that both sides of a comparison have. #}
{% macro numbered(key, named=false) -%}
{%- for part in key -%}{{ part ~ ' as ' if named }}part_{{ loop.index }}{{ ', ' if not loop.last }}{%- endfor -%}
{%- endmacro %}
