-- The promise of the conflict replay: no person holds two union ids of one open-platform account, two member ids of one CRM, or keys ruled to be
-- different people's, unless a ruling says that they are one.
select persons.component, holdings.family, count(*) as keys
from {{ ref('int_identity_persons') }} as persons
inner join {{ ref('int_identity_holdings') }} as holdings on persons.node_id = holdings.node_id
inner join {{ ref('int_identity_nodes') }} as nodes on holdings.node_id = nodes.node_id
where holdings.is_by_ruling or not nodes.is_ruled
group by 1, 2
having count(*) > 1
