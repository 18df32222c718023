{# What holds of every row of a table, as one test: a row for each rule that is broken, with its name and how many rows (or keys) break it.
   One scan and one node answer for all rules of a table; a node each would cost dbt more than the scan costs the engine.

     key         the grain: one column, never NULL and no value twice; or several, of which no two rows have the same (a NULL counts as a value)
     other_keys  name → columns of a further grain
     never_null  columns that are filled in every row
     one_of      column → the values it may have; NULL passes
     rules       name → expression that is true in every row, or {expression, where}: in every row where `where` is true. NULL is not true. #}
{% test holds(model, key=[], other_keys={}, never_null=[], one_of={}, rules={}) %}
{{ config(fail_calc='cast(coalesce(sum(failing_rows), 0) as bigint)') }}
{{ broken_rules(model, {'key': key, 'other_keys': other_keys, 'never_null': never_null, 'one_of': one_of, 'rules': rules}) }}
{% endtest %}

{# The same of every staging model that feeds a relation: its rules stand in its own YAML, as `config.meta.holds`. A finding names the model. #}
{% test feeds_hold(model, relation) %}
{{ config(fail_calc='cast(coalesce(sum(failing_rows), 0) as bigint)') }}
{%- set judged = [] -%}
{%- for entry in registry() if relation in entry.feeds -%}
    {%- set feed, from_ = entry.feeds[relation], ref(entry.feeds[relation]) -%}
    {%- set claims = graph.nodes['model.fishpond.' ~ feed].config.meta.get('holds') if execute -%}
    {%- if claims -%}{%- do judged.append((feed, broken_rules(from_, claims, feed ~ ': '))) -%}{%- endif -%}
{%- endfor -%}
{%- for feed, found in judged %}
select rule, failing_rows from ({{ found }}) as {{ feed }}
{{ 'union all' if not loop.last }}
{%- else %}
select cast(null as string) as rule, cast(null as bigint) as failing_rows
from (select 1 as nothing) as nowhere
where nothing = 0
{%- endfor %}
{% endtest %}
