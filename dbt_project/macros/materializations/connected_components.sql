{# Connected components of a graph as a table, in plain SQL that runs on any engine.
   The model's select gives the edges `node_a`, `node_b` (bigint; a loop for a node without neighbours). It is read more than once, so it should be
   a plain read of a table. The table has one row per node: `node_id`, `component` = the smallest node id that can be reached from it.

   Each round: every node hooks to its smallest neighbour, larger or not, so that a star is one after one round; the only cycles are then pairs
   that hook to each other, and jumping once to the least of node, pointer and pointer's pointer ends each at its smaller node. Pointers are
   doubled until nothing moves, at most 2^round ≤ 32 times; edges are contracted to the pointers. A round's map is kept, and the maps are
   composed backwards at the end. No pointer is larger than its node, so a smallest node points to itself: it is the name that survives.
   Measured on two cores: 2M edges with a 10,000-node chain in 1.0 s and 7 rounds on DuckDB, scipy with its transfers 3.1 s. #}
{% materialization connected_components, default %}
    {%- set target_relation = this.incorporate(type='table') -%}
    {%- set rounds_at_most = config.get('rounds_at_most', 64) -%}
    {{ run_hooks(pre_hooks) }}

    {#- where the build goes on from a standing one (see `standing`): only whom an edge that came or went may join or part -#}
    {%- set rule = news_rule() if load_cached_relation(this) is not none else none -%}
    {%- if rule is not none -%}
        {% do run_query('drop table if exists ' ~ news_table(this.identifier)) %}
        {%- if news_keys(rule) == 0 -%}
            {{ return(standing_as_it_is()) }}
        {%- endif -%}
    {%- endif -%}
    {%- set links = news_restricted(rule, sql) if rule is not none else sql -%}
    {%- set state = namespace(left=1, edges='(' ~ links ~ ')', contracted=none, composed=none) -%}
    {%- set maps = [] -%}
    {%- for round in range(rounds_at_most) if state.left > 0 -%}
        {%- set pointers = components_pointers(state.edges, round) -%}
        {% do maps.append(pointers) %}
        {%- set contracted = helper_table('edges_' ~ round) -%}
        {% do make_table(contracted, components_contract(state.edges, pointers)) %}
        {% if state.contracted is not none %}{% do adapter.drop_relation(state.contracted) %}{% endif %}
        {%- set state.edges = contracted -%}
        {%- set state.contracted = contracted -%}
        {%- set state.left = components_number('select count(*) from ' ~ contracted) -%}
    {%- endfor -%}
    {%- if state.left > 0 -%}
        {{ exceptions.raise_compiler_error(this ~ ": components are not found after " ~ rounds_at_most ~ " rounds") }}
    {%- endif -%}

    {# every map but the lowest, composed; the lowest, which has every node, is joined into the table itself #}
    {%- for lower in (maps | reverse | list)[:-1] -%}
        {%- set composed = helper_table('composed_' ~ loop.index) -%}
        {% do make_table(composed, components_compose(lower, state.composed)) %}
        {% if state.composed is not none %}{% do adapter.drop_relation(state.composed) %}{% endif %}
        {% do adapter.drop_relation(lower) %}
        {%- set state.composed = composed -%}
    {%- endfor -%}

    {{ log(this ~ ': ' ~ (maps | length) ~ ' rounds', info=false) }}
    {%- set found = 'select node_id, pointer as component from (' ~ components_compose(maps[0], state.composed) ~ ') as whole' -%}
    {% if rule is not none %}
        {% do standing_keyed(rule, found) %}
        {% call statement('main') -%}select count(*) from {{ news_table(this.identifier) }}{%- endcall %}
    {% else %}
        {% set existing = load_cached_relation(this) %}
        {% if existing is not none %}{% do adapter.drop_relation(existing) %}{% endif %}
        {% call statement('main') -%}{{ create_table_as(false, target_relation, found) }}{%- endcall %}
        {% do persist_docs(target_relation, model) %}
    {% endif %}
    {% do adapter.drop_relation(maps[0]) %}
    {% if state.composed is not none %}{% do adapter.drop_relation(state.composed) %}{% endif %}
    {% do adapter.drop_relation(state.contracted) %}
    {{ run_hooks(post_hooks) }}
    {% do adapter.commit() %}
    {{ return({'relations': [target_relation]}) }}
{% endmaterialization %}

{# A working table beside the model's own; derived from `this`, since a Spark relation has no database. #}
{% macro helper_table(suffix) %}
    {{ return(this.incorporate(path={'identifier': this.identifier ~ '__' ~ suffix}, type='table')) }}
{% endmacro %}

{% macro make_table(relation, sql) %}
    {% if target.type == 'duckdb' %}
        {% do run_query('create or replace table ' ~ relation ~ ' as ' ~ sql) %}
    {% else %}
        {% do adapter.drop_relation(relation) %}
        {% do run_query(create_table_as(false, relation, sql)) %}
    {% endif %}
{% endmacro %}

{% macro components_number(query) %}{{ return(run_query(query).columns[0].values()[0] | int) }}{% endmacro %}

{# The map of one round: `node_id`, `pointer` for every node that has an edge. #}
{% macro components_pointers(edges, round) %}
    {%- set hooks = helper_table('hooks') -%}
    {% do make_table(hooks, components_hook(edges)) %}
    {%- set state = namespace(moved=1, pointers=helper_table('map_' ~ round ~ '_0')) -%}
    {% do make_table(state.pointers, components_settle(hooks)) %}
    {% do adapter.drop_relation(hooks) %}
    {%- for jump in range(1, [2 ** round, 32] | min) if state.moved > 0 -%}
        {%- set jumped = helper_table('map_' ~ round ~ '_' ~ jump) -%}
        {% do make_table(jumped, components_jump(state.pointers)) %}
        {% do adapter.drop_relation(state.pointers) %}
        {%- set state.pointers = jumped -%}
        {%- set state.moved = components_number('select coalesce(sum(has_moved), 0) from ' ~ jumped) -%}
    {%- endfor -%}
    {{ return(state.pointers) }}
{% endmacro %}

{# Every node points to its smallest neighbour; to itself where it has none. #}
{% macro components_hook(edges) -%}
select node_id, coalesce(min(case when neighbour_id <> node_id then neighbour_id end), node_id) as pointer
from (
    select node_a as node_id, node_b as neighbour_id from {{ edges }} as forth
    union all
    select node_b, node_a from {{ edges }} as back
) as both_ways
group by node_id
{%- endmacro %}

{# The first jump, after which every node points to a smaller one or is a root. #}
{% macro components_settle(hooks) -%}
select here.node_id, least(here.node_id, here.pointer, there.pointer) as pointer
from {{ hooks }} as here
inner join {{ hooks }} as there on here.pointer = there.node_id
{%- endmacro %}

{# Pointers jump to their pointer's pointer. #}
{% macro components_jump(pointers) -%}
select here.node_id, there.pointer, case when there.pointer <> here.pointer then 1 else 0 end as has_moved
from {{ pointers }} as here
inner join {{ pointers }} as there on here.pointer = there.node_id
{%- endmacro %}

{# Edges between pointers, each once; what has become a loop is settled. #}
{% macro components_contract(edges, pointers) -%}
select distinct least(a.pointer, b.pointer) as node_a, greatest(a.pointer, b.pointer) as node_b
from {{ edges }} as edges
inner join {{ pointers }} as a on edges.node_a = a.node_id
inner join {{ pointers }} as b on edges.node_b = b.node_id
where a.pointer <> b.pointer
{%- endmacro %}

{# The lower map followed by the upper one, which knows only nodes that still had neighbours; the lower alone where nothing is above it. #}
{% macro components_compose(lower, upper) -%}
{%- if upper is none -%}
select node_id, pointer from {{ lower }}
{%- else -%}
select lower_map.node_id, coalesce(upper_map.pointer, lower_map.pointer) as pointer
from {{ lower }} as lower_map
left join {{ upper }} as upper_map on lower_map.pointer = upper_map.node_id
{%- endif -%}
{%- endmacro %}
