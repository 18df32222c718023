-- Keys that one person cannot hold twice, met twice in one component: two union ids of one open-platform account, two member ids of one CRM.
select
    components.component,
    nodes.key_type,
    nodes.key_scope,
    min(nodes.key_token) as key_token,
    max(nodes.key_token) as other_key_token,
    cast(count(*) as bigint) as keys,
    cast(sum(nodes.records) as bigint) as records
from {{ ref('int_identity_components') }} as components
inner join {{ ref('int_identity_nodes') }} as nodes on components.node_id = nodes.node_id
where nodes.is_one_per_person
group by 1, 2, 3
having count(*) > 1
