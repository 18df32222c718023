-- What every published column means. Its one home is the YAML beside each mart: this table is read from there, so it can
-- neither lag behind nor disagree.
{% set rows = [] %}
{% if execute %}
    {% for node in graph.nodes.values() | sort(attribute='unique_id') if node.resource_type == 'model' and 'marts' in node.fqn %}
        {% for column in node.columns.values() %}
            {%- set meta = column.config.meta if column.config and column.config.meta else column.meta -%}
            {#- a description ends with its Chinese name, and after a colon what it may hold -#}
            {%- set name_zh = modules.re.split('[：（(]', modules.re.split('[.…;] ', column.description or '')[-1])[0] | trim -%}
            {%- do rows.append([
                node.schema, node.name, column.name, meta.zh or (name_zh if modules.re.search('[\u4e00-\u9fff]', name_zh) else none), (meta.synonyms or []) | join(', '),
                column.description, meta.formula, meta.numerator, meta.denominator, meta.excludes, node.description,
            ]) -%}
        {% endfor %}
    {% endfor %}
{% endif %}
{% set names = ['table_schema', 'table_name', 'column_name', 'label_zh', 'synonyms', 'description', 'formula', 'numerator', 'denominator', 'excludes', 'table_description'] %}
{% for row in rows %}
select
    {%- for value in row %}
    cast({{ text_literal(value) }} as string) as {{ names[loop.index0] }}{{ ',' if not loop.last }}
    {%- endfor %}
{{ 'union all' if not loop.last }}
{% else %}
select
    {%- for name in names %}
    cast(null as string) as {{ name }}{{ ',' if not loop.last }}
    {%- endfor %}
from (select 1 as nothing) as nowhere
where nothing = 0
{% endfor %}
