{# `table` and `view` on DuckDB: each is replaced where it stands, by one statement. dbt's own way builds beside it, moves the old one away and the
   new one in, and drops the old one: nine statements a model, of which each costs more than building a small model does. Readers see
   the same thing: a statement is whole or has not been, and a table with a contract or comments is one transaction.

   A contract is held against the table that was built, before anybody sees it, so that a model's SQL is bound once and not twice.
   Not here: grants, indexes, constraints and SQL headers, of which this project has none. Other engines keep dbt's own. #}
{% materialization table, adapter='duckdb' %}
    {{ return({'relations': [put_in_place('table', sql)]}) }}
{% endmaterialization %}

{% materialization view, adapter='duckdb' %}
    {%- set standing = load_cached_relation(this) -%}
    {%- if standing is not none and standing.type == 'view' and goes_on() -%}
        {# code and contracts are those of the standing build, and so is the view #}
        {% do store_result('main', response=adapter.execute('select 1', auto_begin=false)[0]) %}
        {{ return({'relations': [standing]}) }}
    {%- endif -%}
    {{ return({'relations': [put_in_place('view', sql)]}) }}
{% endmaterialization %}

{# Put what a select gives where the model stands; gives the relation. Asked of the adapter and not by `statement`, which would write a second file
   for each model, the select once more with one line above it. #}
{% macro put_in_place(kind, select) %}
    {%- set target, standing, has_contract = this.incorporate(type=kind), load_cached_relation(this), config.get('contract').enforced -%}
    {%- set is_several = has_contract or config.persist_relation_docs() or config.persist_column_docs() or pre_hooks or post_hooks -%}
    {{ run_hooks(pre_hooks) }}
    {% if standing is not none and standing.type != kind %}{% do adapter.drop_relation(standing) %}{% endif %}
    {%- set told = adapter.execute(replacement(kind, target, select, has_contract), auto_begin=is_several) -%}
    {% do store_result('main', response=told[0]) %}
    {% if has_contract %}{{ get_assert_columns_equivalent('select * from ' ~ target) }}{% endif %}
    {{ run_hooks(post_hooks) }}
    {% if is_several %}{% do adapter.commit() %}{% endif %}
    {{ return(target) }}
{% endmacro %}

{% macro replacement(kind, target, select, has_contract) -%}
{%- set parts = select.split(next_part()) if kind == 'table' else [select] -%}
create or replace {{ kind }} {{ target }} as (
{{ get_select_subquery(parts[0]) if has_contract else parts[0] }}
);
{% for part in parts[1:] -%}
insert into {{ target }} by name (
{{ get_select_subquery(part) if has_contract else part }}
);
{% endfor -%}
{{ comments_of(target) }}
{%- endmacro %}

{# Stands between two selects of a model whose rows have nothing to do with each other, instead of `union all`. A table is filled by one after the
   other on DuckDB, which else sorts and groups all of them at once: a build would need the memory of all exports together. #}
{% macro next_part() %}/* next part */ union all{% endmacro %}

{# What the model says of itself and its columns, as comments in the database. #}
{% macro comments_of(relation) -%}
{%- if config.persist_relation_docs() and model.description -%}
{{ alter_relation_comment(relation, model.description) }}
{%- endif -%}
{%- if config.persist_column_docs() -%}
{%- for name, column in model.columns.items() if column.description %}
comment on column {{ relation }}.{{ name }} is {{ duckdb_escape_comment(column.description) }};
{%- endfor -%}
{%- endif -%}
{%- endmacro %}
