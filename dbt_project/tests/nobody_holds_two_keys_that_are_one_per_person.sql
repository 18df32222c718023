-- The promise of the conflict replay: no person holds two union ids of one open-platform account, or two member ids of one CRM.
select persons.component, nodes.key_type, nodes.key_scope, count(*) as keys
from {{ ref('int_identity_persons') }} as persons
inner join {{ ref('int_identity_nodes') }} as nodes on persons.node_id = nodes.node_id
where nodes.is_one_per_person
group by 1, 2, 3
having count(*) > 1
