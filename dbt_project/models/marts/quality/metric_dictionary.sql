-- What every published column means. Its one home is the YAML beside each mart: this table is read from there, so it can
-- neither lag behind nor disagree.
{% set columns, tables = [], [] %}
{% if execute %}
    {%- for node in graph.nodes.values() | sort(attribute='unique_id') if node.resource_type == 'model' and 'marts' in node.fqn %}
        {%- do tables.append([node.schema, node.name, node.description]) -%}
        {%- for column in node.columns.values() %}
            {%- set meta = column.config.meta if column.config and column.config.meta else column.meta -%}
            {#- a description ends with its Chinese name, and after a colon what it may hold -#}
            {%- set name_zh = modules.re.split('[：（(]', modules.re.split('[.…;] ', column.description or '')[-1])[0] | trim -%}
            {%- do columns.append([
                node.schema, node.name, column.name, meta.zh or (name_zh if modules.re.search('[\u4e00-\u9fff]', name_zh) else none), (meta.synonyms or []) | join(', '),
                column.description, meta.formula, meta.numerator, meta.denominator, meta.excludes,
            ]) -%}
        {%- endfor %}
    {%- endfor %}
{% endif %}
{% set of_tables = ['table_schema', 'table_name', 'table_description'] %}
{% set of_columns = ['table_schema', 'table_name', 'column_name', 'label_zh', 'synonyms', 'description', 'formula', 'numerator', 'denominator', 'excludes'] %}
with tables as (
    select * from {{ text_rows(tables, of_tables) }}
),

columns as (
    select * from {{ text_rows(columns, of_columns) }}
)

select
    {%- for name in of_columns %}
    cast(columns.{{ name }} as string) as {{ name }},
    {%- endfor %}
    cast(tables.table_description as string) as table_description
from columns
inner join tables
    on columns.table_schema = tables.table_schema
    and columns.table_name = tables.table_name
