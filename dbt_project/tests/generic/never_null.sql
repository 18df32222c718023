{# These columns are filled in every row: one scan for all of them, one row for each that is not. #}
{% test never_null(model, columns) %}
with missing as (
    select {% for column in columns %}count(*) - count({{ column }}) as missing_{{ loop.index }}{{ ', ' if not loop.last }}{% endfor %}
    from {{ model }}
)

{% for column in columns -%}
select '{{ column }}' as column_name, missing_{{ loop.index }} as rows_without
from missing
where missing_{{ loop.index }} > 0
{{ 'union all' if not loop.last }}
{% endfor %}
{% endtest %}
