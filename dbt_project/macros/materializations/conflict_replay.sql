{# Links replayed in order within each component, where two keys of one family may never meet: the constrained union of
   `analytics/conflicts.py`, as plain SQL so that it can stand inside the canonical stretch. One step handles one link of every
   component, so the steps are as many as the longest component has links; a step takes about 15 ms on DuckDB.

   The model's select gives `component`, `link_number` (1, 2, … per component; NULL where one end is a leaf), `node_a`, `node_b`, `family_a`,
   `family_b` (NULL: not unique) and `leaf_id` (the end that has no other link, else NULL). The table has one row per node: `node_id`, `component` = smallest node of its part. #}
{% materialization conflict_replay, default %}
    {%- set target_relation = this.incorporate(type='table') -%}
    {{ run_hooks(pre_hooks) }}
    {%- set links, labels, next_labels = helper_table('links'), helper_table('labels'), helper_table('labels_next') -%}
    {% do make_table(links, sql) %}
    {% do make_table(labels, replay_first_labels(links)) %}
    {%- set steps = run_query('select coalesce(max(link_number), 0) from ' ~ links).columns[0].values()[0] | int -%}
    {%- for step in range(1, steps + 1) -%}
        {% do make_table(next_labels, replay_step(links, labels, step)) %}
        {% do adapter.drop_relation(labels) %}
        {% do adapter.rename_relation(next_labels, labels) %}
    {%- endfor -%}
    {% set existing = load_cached_relation(this) %}
    {% if existing is not none %}{% do adapter.drop_relation(existing) %}{% endif %}
    {% call statement('main') -%}
        {{ create_table_as(false, target_relation, replay_final(links, labels)) }}
    {%- endcall %}
    {% do adapter.drop_relation(links) %}
    {% do adapter.drop_relation(labels) %}
    {% do persist_docs(target_relation, model) %}
    {{ run_hooks(post_hooks) }}
    {% do adapter.commit() %}
    {{ return({'relations': [target_relation]}) }}
{% endmaterialization %}

{# Every node for itself; leaves wait. #}
{% macro replay_first_labels(links) -%}
select component, node_id, max(family) as family, node_id as label
from (
    select component, node_a as node_id, family_a as family from {{ links }} where leaf_id is null
    union all
    select component, node_b, family_b from {{ links }} where leaf_id is null
) as ends
group by component, node_id
{%- endmacro %}

{# The step's link of each component joins its two parts, unless both hold a key of one family. #}
{% macro replay_step(links, labels, step) -%}
with joined as (
    select links.component, least(a.label, b.label) as low, greatest(a.label, b.label) as high
    from {{ links }} as links
    inner join {{ labels }} as a on links.node_a = a.node_id
    inner join {{ labels }} as b on links.node_b = b.node_id
    where links.link_number = {{ step }} and a.label <> b.label
),

refused as (
    select distinct joined.component
    from joined
    inner join {{ labels }} as a on joined.component = a.component and joined.low = a.label
    inner join {{ labels }} as b on joined.component = b.component and joined.high = b.label and a.family = b.family
)

select
    labels.component, labels.node_id, labels.family,
    case when joined.component is not null and refused.component is null then joined.low else labels.label end as label
from {{ labels }} as labels
left join joined on labels.component = joined.component and labels.label = joined.high
left join refused on labels.component = refused.component
{%- endmacro %}

{# Replayed nodes, and the leaves with the neighbour that each of them follows. #}
{% macro replay_final(links, labels) -%}
with leaves as (
    select leaf_id as node_id, case when leaf_id = node_a then node_b else node_a end as neighbour_id
    from {{ links }}
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
