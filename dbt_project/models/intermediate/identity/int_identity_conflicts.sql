-- Families met twice in one component: two union ids of one open-platform account, two member ids of one CRM, two keys ruled to be different people's.
select
    components.component,
    holdings.family,
    cast(count(*) as bigint) as keys
from {{ ref('int_identity_components') }} as components
inner join {{ ref('int_identity_holdings') }} as holdings on components.node_id = holdings.node_id
group by 1, 2
having count(*) > 1
