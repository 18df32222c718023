{# A table that stands from build to build. Where the run found that deliveries only came to what the last build read (schema `news` is there), a model
   with a rule is computed for what changed and nothing else; without a rule, or in any other build, its table is computed whole.

   A rule is a macro `news_rule__<model>` that gives a mapping, written beside those of its room (macros/news/):
     kind        'touched': the select is a union over staging; it is computed over the records that new deliveries touch, as they stand now and
                 as they stood, and the difference is what changed
                 'keyed': rows of one key depend only on those rows of the inputs that `reads` names; affected keys are computed anew
                 'whole': computed whole, and compared with what stood, so that models below know what changed
     key         expression over the table's columns, never NULL
     affected    keyed: selects of one column, the keys whose rows may differ; `news.<model>` has the changed rows of an input, those
                 that went (`is_now` false) and those that came
     reads       keyed: input → which of its rows belong to the keys, one condition or several; `{keys}` stands for the select of keys
     first, then keyed: name → select, made as temporary tables before `affected` is asked and before `reads` is; for what several of them ask
     grows       keyed: a select of those keys whose rows follow from what stands of them and what came, and `grown`, the select of these rows: `{keys}` stands
                 for the select of keys, `{stood}` for their rows as they stand. What `reads` names is read for all others
     looks_up    keyed: inputs read whole, whose changes `affected` knows of. Small ones: beside few rows a large table is joined the other way round,
                 which takes long, and two such joins in a row are one that DuckDB 2.0.0 may break off (duckdb/duckdb#24807)
     keeps       true: what stands now of the keys that changed is kept for the build, since many models below ask for just that
     unless      keyed: inputs whose every change asks for a whole computation, or selects that find such a change
   Every rule must give the whole computation's table, row for row; a test holds all tables to that. #}
{% materialization standing, adapter='duckdb' %}
    {%- if not goes_on() -%}
        {{ return({'relations': [put_in_place('table', sql)]}) }}
    {%- endif -%}
    {% for told in (this.identifier, 'rows_of_' ~ this.identifier) %}{% do run_query('drop table if exists ' ~ news_table(told)) %}{% endfor %}
    {%- set rule = news_rule() -%}
    {%- if load_cached_relation(this) is not none and inputs_stand() -%}
        {{ return(standing_as_it_is()) }}
    {%- elif rule is none or load_cached_relation(this) is none -%}
        {% do run_query('create table ' ~ news_table(this.identifier) ~ ' as select true as is_now') %}
        {{ return({'relations': [put_in_place('table', sql)]}) }}
    {%- endif -%}
    {{ run_hooks(pre_hooks) }}
    {%- if rule.kind == 'touched' -%}
        {% do standing_touched(rule, sql) %}
    {%- elif rule.kind == 'whole' or news_asks_for_whole(rule) -%}
        {% do standing_whole(sql) %}
    {%- elif news_keys(rule) == 0 -%}
        {{ return(standing_as_it_is()) }}
    {%- else -%}
        {% do standing_keyed(rule, news_restricted(rule, sql)) %}
    {%- endif -%}
    {% call statement('main') -%}select count(*) from {{ news_table(this.identifier) }}{%- endcall %}
    {{ run_hooks(post_hooks) }}
    {% do adapter.commit() %}
    {{ return({'relations': [this.incorporate(type='table')]}) }}
{% endmaterialization %}

{# The model's rule; none where it has none. #}
{% macro news_rule() %}
    {%- set written = context.get('news_rule__' ~ this.identifier) -%}
    {{ return(written() if written is not none else none) }}
{% endmacro %}

{% macro news_table(model_name) %}{{ return('"' ~ this.database ~ '".news.' ~ model_name) }}{% endmacro %}

{% macro news_count(query) %}{{ return(run_query('select count(*) from (' ~ query ~ ') as counted').columns[0].values()[0] | int) }}{% endmacro %}

{% macro news_asks_for_whole(rule) %}
    {%- for input in rule.get('unless', []) if news_count('select 1 from ' ~ (news_table(input) if ' ' not in input else '(' ~ input ~ ')') ~ ' limit 1') > 0 -%}
        {{ return(true) }}
    {%- endfor -%}
    {{ return(false) }}
{% endmacro %}

{# Nothing that the table is computed from has changed. #}
{% macro standing_as_it_is() %}
    {% call statement('main') -%}create table {{ news_table(this.identifier) }} as select *, true as is_now from {{ this }} where false{%- endcall %}
    {{ run_hooks(post_hooks) }}
    {% do adapter.commit() %}
    {{ return({'relations': [this.incorporate(type='table')]}) }}
{% endmacro %}

{# Rows of the affected keys as computed now, beside those that stood: the difference is the news, and is put into the table. #}
{% macro standing_keyed(rule, select) %}
    {%- set name, keys = this.identifier, 'select key_value from keys_of_' ~ this.identifier -%}
    {%- set growing = 'select key_value from growing_of_' ~ name -%}
    {% do standing_found(rule.key ~ ' in (' ~ keys ~ (' union all ' ~ growing if rule.grows else '') ~ ')') %}
    {% do run_query('create or replace temp table now_of_' ~ name ~ ' as from ' ~ this ~ ' limit 0') %}
    {% do run_query('insert into now_of_' ~ name ~ ' by name ' ~ standing_columns(select) ~ ' where ' ~ rule.key ~ ' in (' ~ keys ~ ')') %}
    {% if rule.grows %}
        {%- set stood = '(from ' ~ standing_rows() ~ ' where ' ~ rule.key ~ ' in (' ~ growing ~ '))' -%}
        {%- set grown = rule.grown | replace('{keys}', growing) | replace('{stood}', stood) -%}
        {% do run_query('insert into now_of_' ~ name ~ ' by name ' ~ standing_columns(grown)) %}
    {% endif %}
    {% do run_query('create table ' ~ news_table(name) ~ ' as ' ~ news_difference(standing_rows(), 'now_of_' ~ name)) %}
    {%- set changed = ' where ' ~ rule.key ~ ' in (select ' ~ rule.key ~ ' from ' ~ news_table(name) ~ ')' -%}
    {% do standing_kept(rule) %}
    {% do standing_replace('from was_of_' ~ name ~ changed, 'from now_of_' ~ name ~ changed) %}
{% endmacro %}

{# A union over staging, computed twice over the touched records. What falls out of the table must have stood in it: else it is computed whole. #}
{% macro standing_touched(rule, select) %}
    {%- set name = this.identifier -%}
    {%- for state in ('now', 'before') -%}
        {%- set moved = select | replace('"' ~ this.database ~ '"."staging".', '"' ~ this.database ~ '"."news_' ~ state ~ '".')
            | replace('"' ~ this.database ~ '"."raw".', '"' ~ this.database ~ '"."news_' ~ state ~ '".') -%}
        {% do run_query('create or replace temp table ' ~ state ~ '_of_' ~ name ~ ' as from ' ~ this ~ ' limit 0') %}
        {% do run_query('insert into ' ~ state ~ '_of_' ~ name ~ ' by name ' ~ standing_columns(moved)) %}
    {%- endfor -%}
    {% do run_query('create table ' ~ news_table(name) ~ ' as ' ~ news_difference('before_of_' ~ name, 'now_of_' ~ name)) %}
    {%- set went = 'select * exclude (is_now) from ' ~ news_table(name) ~ ' where not is_now' -%}
    {# of a key of which nothing went, what stands is not looked at: its rows that came are put beside it #}
    {% do standing_found(rule.key ~ ' in (select ' ~ rule.key ~ ' from ' ~ news_table(name) ~ ' where not is_now)') %}
    {%- if news_count(went ~ ' except all from ' ~ standing_rows()) > 0 -%}
        {{ log(name ~ ' is computed whole: what the new deliveries replace does not stand in it', info=true) }}
        {% do run_query('drop table ' ~ news_table(name)) %}
        {% do adapter.commit() %}
        {% do standing_whole(select) %}
    {%- else -%}
        {% do standing_kept(rule) %}
        {% do standing_replace('from was_of_' ~ name, '(from ' ~ standing_rows() ~ ' except all ' ~ went
            ~ ') union all select * exclude (is_now) from ' ~ news_table(name) ~ ' where is_now') %}
    {%- endif -%}
{% endmacro %}

{# Every column of the table by its name: one that the select does not give breaks the build, and is not filled with NULL. #}
{% macro standing_columns(select) -%}
select "{{ run_query('from ' ~ this ~ ' limit 0').column_names | join('", "') }}" from (
{{ select }}
) as computed
{%- endmacro %}

{# Computed whole; what stood is kept beside it until the difference is known. #}
{% macro standing_whole(select) %}
    {%- set beside = helper_table('beside') -%}
    {% do make_table(beside, select) %}
    {% do run_query('create table ' ~ news_table(this.identifier) ~ ' as ' ~ news_difference(this, beside)) %}
    {% do adapter.drop_relation(this.incorporate(type='table')) %}
    {% do adapter.rename_relation(beside, this.incorporate(type='table')) %}
    {%- set said = comments_of(this.incorporate(type='table')) -%}
    {% if said | trim %}{% do run_query(said) %}{% endif %}
{% endmacro %}

{# Rows that went and rows that came, each as often as it did. Told by one grouping of both: `except all`, once for either side, takes three times as long. #}
{% macro news_difference(before, now) -%}
select * exclude (news_change, news_copy)
from (
    select *, news_change > 0 as is_now, unnest(range(abs(news_change))) as news_copy
    from (
        select * exclude (news_side), cast(sum(news_side) as bigint) as news_change
        from (select *, -1 as news_side from {{ before }} union all select *, 1 from {{ now }}) as both_sides
        group by all
        having sum(news_side) <> 0
    ) as changed
) as told
{%- endmacro %}

{# The rows of the table that meet a condition, and where they stand. With this a transaction begins: until it ends nothing else changes the table, and
   no row changes its place, so what is to go needs no second look at all keys. #}
{% macro standing_found(condition) %}
    {% do adapter.ensure_transaction() %}
    {% do run_query('create or replace temp table was_of_' ~ this.identifier ~ ' as ' ~ rows_of(this, condition, '*, rowid as news_place')) %}
{% endmacro %}

{% macro standing_rows() %}{{ return('(select * exclude (news_place) from was_of_' ~ this.identifier ~ ')') }}{% endmacro %}

{# Put rows in the place of others. `gone`: a select of what was found; `rows`: one of the table's columns. #}
{% macro standing_replace(gone, rows) %}
    {% do run_query('delete from ' ~ this ~ ' where rowid in (select news_place ' ~ gone ~ ')') %}
    {% do run_query('insert into ' ~ this ~ ' by name ' ~ rows) %}
{% endmacro %}
