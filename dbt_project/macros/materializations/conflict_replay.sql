{# Links replayed in order within each component, where of one family no two keys may ever meet: constrained union, strongest evidence first.
   `analytics/conflicts.py` is the same rule in Python; a test holds the two to each other.

   Only components that hold a conflict come here, and of them only links that can join somebody (no leaves). A union by size over so few links is
   done in this process, a step of dictionary work per link: 10,000 links of one component take about a second, where a step of SQL per link took
   15 ms each. Nothing but standard SQL reaches the engine.

   The model's select gives two kinds of row. `family` NULL: a link `node_a`, `node_b` of `component` with its `link_number` (1, 2, …; NULL where the end
   `leaf_id` has no other link), `is_ruled` where a person said so, which only a family of rulings withstands. Else: the key `node_a` belongs to `family`, `is_ruled` if a ruling made it.
   The table has one row per node: `node_id`, `component` = smallest node of its part. #}
{% materialization conflict_replay, default %}
    {%- set target_relation = this.incorporate(type='table') -%}
    {{ run_hooks(pre_hooks) }}
    {%- set has_news = load_cached_relation(this) is not none and news_rule() is not none and goes_on() -%}
    {%- if has_news -%}
        {% do run_query('drop table if exists ' ~ news_table(this.identifier)) %}
        {%- if inputs_stand() -%}{{ return(standing_as_it_is()) }}{%- endif -%}
    {%- endif -%}
    {%- set given, labels = working_table('given'), working_table('labels') -%}
    {% do make_table(given, sql) %}
    {%- set held = {} -%}
    {%- for node, family, is_hard in replay_rows('select node_a, family, is_ruled from ' ~ given ~ ' where family is not null order by 1, 2') -%}
        {% do held.setdefault(node | int, {}).update({family: is_hard}) %}
    {%- endfor -%}
    {%- set links = replay_rows('select node_a, node_b, is_ruled from ' ~ given ~ ' where family is null and leaf_id is null order by component, link_number') -%}
    {% do replay_store(labels, replay_parts(links, held)) %}
    {% if has_news %}{% do run_query('create or replace temp table was_of_' ~ this.identifier ~ ' as from ' ~ this) %}{% endif %}
    {% set existing = load_cached_relation(this) %}
    {% if existing is not none %}{% do adapter.drop_relation(existing) %}{% endif %}
    {% call statement('main') -%}
        {{ create_table_as(false, target_relation, replay_final(given, labels)) }}
    {%- endcall %}
    {% do adapter.drop_relation(given) %}
    {% do adapter.drop_relation(labels) %}
    {% if has_news %}
        {% do run_query('create table ' ~ news_table(this.identifier) ~ ' as ' ~ news_difference('was_of_' ~ this.identifier, this)) %}
    {% endif %}
    {% do persist_docs(target_relation, model) %}
    {{ run_hooks(post_hooks) }}
    {% do adapter.commit() %}
    {{ return({'relations': [target_relation]}) }}
{% endmaterialization %}

{% macro replay_rows(query) %}{{ return(run_query(query).rows) }}{% endmacro %}

{# The parts after all links, as {node: smallest node of its part}. `held`: node → {family: a ruling made it}. The smaller part takes the larger
   one's label, so a node is relabelled at most log2(nodes) times. #}
{% macro replay_parts(links, held) %}
    {%- set label, members, families = {}, {}, {} -%}
    {%- for link in links -%}
        {%- for node in (link[0] | int, link[1] | int) if node not in label -%}
            {% do label.update({node: node}) %}{% do members.update({node: [node]}) %}{% do families.update({node: held.get(node, {}).copy()}) %}
        {%- endfor -%}
        {%- set a, b = label[link[0] | int], label[link[1] | int] -%}
        {%- if a != b -%}
            {%- set small, large = (a, b) if members[a] | length < members[b] | length else (b, a) -%}
            {%- set clash = namespace(found=false) -%}
            {%- for family, is_hard in families[small].items() if family in families[large] and (is_hard or not link[2]) -%}
                {%- set clash.found = true -%}
            {%- endfor -%}
            {%- if not clash.found -%}
                {%- for node in members[small] -%}{% do label.update({node: large}) %}{%- endfor -%}
                {% do members[large].extend(members.pop(small)) %}
                {% do families[large].update(families.pop(small)) %}
            {%- endif -%}
        {%- endif -%}
    {%- endfor -%}
    {%- set found = {} -%}
    {%- for nodes in members.values() -%}
        {%- set smallest = nodes | min -%}
        {%- for node in nodes -%}{% do found.update({node: smallest}) %}{%- endfor -%}
    {%- endfor -%}
    {{ return(found) }}
{% endmacro %}

{# A table of node and part, written in portions that an engine's parser takes easily. #}
{% macro replay_store(labels, parts) %}
    {% do make_table(labels, 'select cast(0 as bigint) as node_id, cast(0 as bigint) as label where 1 = 0') %}
    {%- for portion in parts.items() | batch(5000) -%}
        {%- set rows = [] -%}
        {%- for node, part in portion -%}{% do rows.append('(' ~ node ~ ', ' ~ part ~ ')') %}{%- endfor -%}
        {% do run_query('insert into ' ~ labels ~ ' values ' ~ rows | join(', ')) %}
    {%- endfor -%}
{% endmacro %}

{# Replayed nodes, and the leaves with the neighbour that each of them follows. #}
{% macro replay_final(given, labels) -%}
with leaves as (
    select leaf_id as node_id, case when leaf_id = node_a then node_b else node_a end as neighbour_id
    from {{ given }}
    where leaf_id is not null
),

parts as (
    select node_id, label as part from {{ labels }}
    union all
    select leaves.node_id, coalesce(labels.label, leaves.neighbour_id)
    from leaves
    left join {{ labels }} as labels on leaves.neighbour_id = labels.node_id
    union all
    -- a neighbour that has nothing but leaves was not replayed
    select distinct leaves.neighbour_id, leaves.neighbour_id
    from leaves
    left join {{ labels }} as labels on leaves.neighbour_id = labels.node_id
    where labels.node_id is null
)

select node_id, min(node_id) over (partition by part) as component
from parts
{%- endmacro %}
