-- Which keys belong to one person, conflicts settled: the component, or where it held a conflict the replayed part of it.
select
    components.node_id,
    coalesce(replayed.component, components.component) as component
from {{ ref('int_identity_components') }} as components
left join {{ ref('int_identity_replayed') }} as replayed on components.node_id = replayed.node_id
