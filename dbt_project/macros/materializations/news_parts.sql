{# What a rule of a build that goes on reads: the keys that changed, the rows of inputs that belong to them, and what is kept of a table because many ask for it.
   Belongs here: how few rows and columns are read. Does not: what a rule is, and what becomes of what was read (standing.sql). #}

{# The affected keys, as a temporary table, and how many; apart from them those whose rows only grow. #}
{% macro news_keys(rule) %}
    {%- for name, select in rule.get('first', {}).items() %}{% do run_query('create or replace temp table ' ~ name ~ ' as ' ~ select) %}{% endfor -%}
    {% do run_query('create or replace temp table keys_of_' ~ this.identifier ~ ' as select distinct affected.* from ('
        ~ rule.affected | join('\nunion all\n') ~ ') as affected(key_value) where key_value is not null') %}
    {%- set affected = news_count('from keys_of_' ~ this.identifier) -%}
    {%- if rule.grows and affected -%}
        {# these are no longer asked of the inputs #}
        {%- set keys, growing = 'keys_of_' ~ this.identifier, 'growing_of_' ~ this.identifier -%}
        {% do run_query('create or replace temp table ' ~ growing ~ ' as from ' ~ keys ~ ' where key_value in (' ~ rule.grows ~ ')') %}
        {% do run_query('delete from ' ~ keys ~ ' where key_value in (from ' ~ growing ~ ')') %}
    {%- endif -%}
    {{ return(affected) }}
{% endmacro %}

{# The table that holds what a keyed rule reads of an input; inputs are read in the rule's order, and later ones may ask what was read of earlier ones. #}
{% macro news_part(input) %}{{ return(this.identifier ~ '__of__' ~ input) }}{% endmacro %}

{# The select with every input that `reads` names cut to the rows that belong to the keys. #}
{% macro news_restricted(rule, select) %}
    {%- set cut = namespace(select=select) -%}
    {%- set keys = 'select key_value from keys_of_' ~ this.identifier -%}
    {%- for name, part in rule.get('then', {}).items() %}{% do run_query('create or replace temp table ' ~ name ~ ' as ' ~ part | replace('{keys}', keys)) %}{% endfor -%}
    {%- for input, belonging in rule.reads.items() -%}
        {%- set relation = '"' ~ this.database ~ '"."intermediate"."' ~ input ~ '"' -%}
        {%- if relation not in cut.select -%}{{ exceptions.raise_compiler_error(this.identifier ~ ' does not read ' ~ input ~ ', as its rule says') }}{%- endif -%}
        {%- set part = news_part(input) -%}
        {% do run_query('create or replace temp table ' ~ part ~ ' as ' ~ part_of(input, relation, belonging, columns_asked(relation, select, rule)) | replace('{keys}', keys)) %}
        {%- set cut.select = cut.select | replace(relation, part) -%}
    {%- endfor -%}
    {{ return(cut.select) }}
{% endmacro %}

{# The rows of a table that meet any of several conditions. First by the columns that these ask, then the other columns of what was found: one look at
   all columns costs ten times as much, and so does an `or` between two lists of keys. #}
{% macro rows_of(relation, conditions, columns='*') -%}
select {{ columns }} from {{ relation }} where rowid in (
    {%- for condition in ([conditions] if conditions is string else conditions) %}
    select rowid from {{ relation }} where {{ condition }}
    {{- ' union all' if not loop.last }}
    {%- endfor %}
)
{%- endmacro %}

{# The rows of an input that a rule reads. Where it asks by the key by which rows are kept, those of keys that changed are taken from there, and only the
   others from the table. #}
{% macro part_of(input, relation, belonging, columns) -%}
    {%- set key, conditions = news_kept_by(input), [belonging] if belonging is string else belonging -%}
    {%- set by_key = '^' ~ modules.re.escape(key or '') ~ ' in [(]([^()]*)[)]$' -%}
    {%- set changed, others = 'select ' ~ (key or '') ~ ' from news.' ~ input, [] -%}
    {%- for condition in conditions -%}
        {%- set asked = modules.re.search(by_key, condition) if key is not none else none -%}
        {%- do others.append(key ~ ' in (' ~ asked.group(1) ~ ' except ' ~ changed ~ ')' if asked else condition) -%}
    {%- endfor -%}
    {%- if others == conditions -%}{{ return(rows_of(relation, conditions, columns)) }}{%- endif -%}
    {# of the few rows that were found, not of all, is asked whether they changed #}
    {%- set found = rows_of(relation, others, columns) if others | length == 1
        else 'select * from (' ~ rows_of(relation, others, columns) ~ ') as found where ' ~ key ~ ' not in (' ~ changed ~ ')' -%}
    {{ return('select ' ~ columns ~ ' from news.rows_of_' ~ input ~ ' where (' ~ conditions | join(') or (') ~ ')\nunion all\n' ~ found) }}
{%- endmacro %}

{# The key by which a model keeps what stands now of the keys that changed, if it did: one that was computed whole keeps nothing. #}
{% macro news_kept_by(model_name) %}
    {%- set kept = run_query("select 1 from duckdb_tables() where schema_name = 'news' and table_name = 'rows_of_" ~ model_name ~ "'").rows -%}
    {{ return(context['news_rule__' ~ model_name]().key if kept else none) }}
{% endmacro %}

{# For rules to ask: what stands now, in a table that keeps it, of the keys that changed. #}
{% macro rows_now(model_name) %}
    {%- if news_kept_by(model_name) is not none -%}{{ return('news.rows_of_' ~ model_name) }}{%- endif -%}
    {%- set key, relation = context['news_rule__' ~ model_name]().key, 'intermediate.' ~ model_name -%}
    {{ return('(' ~ rows_of(relation, key ~ ' in (select ' ~ key ~ ' from news.' ~ model_name ~ ')') ~ ')') }}
{% endmacro %}

{# The columns of an input that a select, or the rule itself, names; all where the select takes a star from it. A star over a query by name (`cte.*`,
   `select * from cte`) asks only for what that names. Text that nobody asks for is most of what there is to read; a column that is named for another
   table's sake is read for nothing. #}
{% macro columns_asked(relation, select, rule) %}
    {%- set re, name = modules.re, (relation | string | lower) -%}
    {%- set said = re.sub('--[^\n]*', '', select) | lower -%}
    {%- set of_queries = 'select[ \n]+(distinct[ \n]+)?[*][ \n]+from[ \n]+(?!' ~ re.escape(name) ~ ')[a-z_][a-z0-9_]*[ \n]*(?=[)]|union|where|$)' -%}
    {%- set called = re.findall(re.escape(name) ~ '[ \n]+(?:as[ \n]+)?([a-z_][a-z0-9_]*)', said) + [name.split('.')[-1] | replace('"', '')] -%}
    {%- if re.search('(select|distinct|,)[ \n]*[*]|[(][ \n]*from |(\\b|")(' ~ called | join('|') ~ ')"?[.][*]', re.sub(of_queries, '', said)) -%}
        {{ return('*') }}
    {%- endif -%}
    {%- set words = re.findall('[a-z_][a-z0-9_]*', said ~ rule.reads ~ rule.get('then', '')) | unique | list -%}
    {{ return(run_query('from ' ~ relation ~ ' limit 0').column_names | select('in', words) | join(', ')) }}
{% endmacro %}

{# What stands now of the keys that changed, for those below. #}
{% macro standing_kept(rule) %}
    {% if rule.get('keeps') %}
        {% do run_query('create table news.rows_of_' ~ this.identifier ~ ' as from now_of_' ~ this.identifier
            ~ ' where ' ~ rule.key ~ ' in (select ' ~ rule.key ~ ' from ' ~ news_table(this.identifier) ~ ')') %}
    {% endif %}
{% endmacro %}
