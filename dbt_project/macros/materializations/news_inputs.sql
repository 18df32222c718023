{# What a table of a build that goes on is computed from, and whether any of it changed: where all of it stands, so does the table.
   Belongs here: models, exports and what the loader and the fits say, as one question; what data tests may ask instead of whole tables. Does not:
   which rows changed (standing.sql). #}

{# Whether this build goes on from a standing one: schema `news` is there. #}
{% macro goes_on() %}
    {%- if target.type != 'duckdb' -%}{{ return(false) }}{%- endif -%}
    {{ return(run_query("select 1 from duckdb_schemas() where database_name = '" ~ this.database ~ "' and schema_name = 'news'").rows | length > 0) }}
{% endmacro %}

{# True where nothing that the model reads has changed since the standing build; code, seeds and settings were these. Every table of a build that goes on
   has `news.<model>`, with rows where something in it changed; the loader names exports with new deliveries in `news.of_exports` and leaves what
   it said before, as do the fits, in `news_before`. What leaves nothing there counts as changed. #}
{% macro inputs_stand() %}
    {%- set exports, asked, told = [], [], {} -%}
    {%- for input in news_inputs(model.depends_on.nodes) -%}
        {%- set name = input.split('.') -%}
        {%- if name[0] == 'model' -%}
            {% do asked.append('(from ' ~ news_table(name[2]) ~ ')') %}
        {%- elif name[2] == 'lake' -%}
            {% do told.update({'lake__' ~ name[3]: 'raw.lake__' ~ name[3]}) %}
        {%- elif name[2] == 'analytics' -%}
            {% do told.update({name[3]: 'analytics.' ~ name[3]}) %}
        {%- else -%}
            {% do exports.append(name[2] ~ '__' ~ name[3]) %}
        {%- endif -%}
    {%- endfor -%}
    {%- if told and news_count("select 1 from duckdb_tables() where schema_name = 'news_before' and table_name in (" ~ quoted_list(told) ~ ')') < told | length -%}
        {{ return(false) }}
    {%- endif -%}
    {%- for before, now in told.items() -%}
        {# which deliveries came is asked of those who read them #}
        {%- set columns = 'as_of_on, is_sample' if before == 'lake__context' else '*' -%}
        {% do asked.append('(select ' ~ columns ~ ' from ' ~ now ~ ' except all select ' ~ columns ~ ' from news_before.' ~ before ~ ')') %}
        {% do asked.append('(select ' ~ columns ~ ' from news_before.' ~ before ~ ' except all select ' ~ columns ~ ' from ' ~ now ~ ')') %}
    {%- endfor -%}
    {% if exports %}{% do asked.append('(from news.of_exports where relation in (' ~ quoted_list(exports) ~ '))') %}{% endif %}
    {{ return(asked | length == 0 or not run_query('select exists ' ~ asked | join(' or exists ')).columns[0].values()[0]) }}
{% endmacro %}

{# Tables and sources behind a model's inputs: a view and what is written into a query are what they read; seeds are as the standing build knew them. #}
{% macro news_inputs(nodes) %}
    {%- set found = [] -%}
    {%- for input in nodes if not input.startswith('seed.') -%}
        {%- if input.startswith('model.') and graph.nodes[input].config.materialized in ('view', 'ephemeral') -%}
            {% do found.extend(news_inputs(graph.nodes[input].depends_on.nodes)) %}
        {%- else -%}
            {% do found.append(input) %}
        {%- endif -%}
    {%- endfor -%}
    {{ return(found | unique | list) }}
{% endmacro %}

{# Of a relation of a build that goes on, a select of the rows that came, if they are known: what was there before held in the standing build, or that
   would not have ended, and what holds of a row by itself holds of it still. A key can only be doubled by a row that came. Staging is read from the
   records that new deliveries touch. Else none: the whole relation is asked. #}
{% macro rows_that_came(relation) %}
    {%- if not execute or relation is string or not goes_on() -%}{{ return(none) }}{%- endif -%}
    {%- if relation.schema == 'staging' -%}{{ return('(select * from "' ~ relation.database ~ '".news_now.' ~ relation.identifier ~ ')') }}{%- endif -%}
    {{ return('(select * from ' ~ news_table(relation.identifier) ~ ' where is_now)' if news_is_known(relation) else none) }}
{% endmacro %}

{# Of several tables of a build that goes on, the keys of all rows that came or went, as a select of one column; none where not all of them are known. #}
{% macro keys_that_changed(key, relations) %}
    {%- if not execute or not goes_on() -%}{{ return(none) }}{%- endif -%}
    {%- set selects = [] -%}
    {%- for relation in relations if news_is_known(relation) %}{% do selects.append('select ' ~ key ~ ' from ' ~ news_table(relation.identifier)) %}{% endfor -%}
    {{ return(selects | join(' union all ') if selects | length == relations | length else none) }}
{% endmacro %}

{# A table that was computed whole and not compared leaves only the mark that it may have changed. #}
{% macro news_is_known(relation) %}
    {%- set columns = run_query("select count(*) from duckdb_columns() where schema_name = 'news' and table_name = '" ~ relation.identifier ~ "'") -%}
    {{ return(columns.columns[0].values()[0] > 1) }}
{% endmacro %}
