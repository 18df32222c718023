{# A FROM item: each row of `relation` once per figure it tells, with columns `metric` (the name) and `metric_value`. `metrics` maps
   names to expressions, or is a list of columns. Figures that a row does not tell are no rows: unknown is not 0. #}
{% macro metric_rows(relation, metrics) -%}
{%- set named = {} -%}
{%- for name in metrics -%}{%- do named.update({name: metrics[name] if metrics is mapping else name}) -%}{%- endfor -%}
(
    select measured.*
    from (
        select
            told.*,
            names.metric,
            case names.metric
                {%- for name, expression in named.items() %}
                when '{{ name }}' then cast({{ expression }} as decimal(38,8))
                {%- endfor %}
            end as metric_value
        from {{ relation }} as told
        cross join (
            {%- for name in named %}
            select '{{ name }}' as metric{{ ' union all' if not loop.last }}
            {%- endfor %}
        ) as names
    ) as measured
    where metric_value is not null
)
{%- endmacro %}

{# The reverse: one column per metric of a relation grouped to its objects; NULL where the object does not tell it. `metrics` maps columns to
   the metrics that say the same on different platforms (the first told stands), or is a list of names. #}
{% macro metric_columns(metrics) -%}
{%- for name in metrics %}
{%- set told = metrics[name] if metrics is mapping else [name] %}
        {% if told | length > 1 %}coalesce({% endif -%}
        {%- for metric in told %}max(case when metric = '{{ metric }}' then value end){{ ', ' if not loop.last }}{% endfor -%}
        {%- if told | length > 1 %}){% endif %} as {{ name }}{{ ',' if not loop.last }}
{%- endfor %}
{%- endmacro %}
