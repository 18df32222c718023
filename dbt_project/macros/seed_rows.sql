{# Seeds on Spark: the adapter's own way of loading writes a missing value as the text None.
   Belongs here: rows of a seed as SQL. Does not: what is in a seed. An apostrophe or backslash would be read differently, so it is refused. #}
{% macro spark__load_csv_rows(model, agate_table) %}
    {%- set types = model['config'].get('column_types', {}) -%}
    {%- for portion in agate_table.rows | batch(500) -%}
        {%- set rows = [] -%}
        {%- for row in portion -%}
            {%- set cells = [] -%}
            {%- for name in agate_table.column_names -%}
                {%- do cells.append(seed_cell(row[loop.index0], types.get(name, adapter.convert_type(agate_table, loop.index0)))) -%}
            {%- endfor -%}
            {%- do rows.append('(' ~ cells | join(', ') ~ ')') -%}
        {%- endfor -%}
        {%- do run_query('insert into ' ~ this ~ ' values ' ~ rows | join(', ')) -%}
    {%- endfor -%}
    {{ return('select * from ' ~ this) }}
{% endmacro %}

{% macro seed_cell(value, type) -%}
{%- if value is not none and ("'" in value | string or '\\' in value | string) -%}
    {{ exceptions.raise_compiler_error('a seed holds ' ~ value ~ ': no apostrophe and no backslash in seeds') }}
{%- endif -%}
cast({% if value is none %}null{% else %}'{{ value }}'{% endif %} as {{ type }})
{%- endmacro %}
