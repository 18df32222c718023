-- The evidence graph as stars: the smallest key of a record is joined to each of its keys, never all pairs. A record with one key is a loop.
with hubs as (

    select record_key, min(node_id) as hub_id
    from {{ ref('int_identity_evidence') }}
    group by record_key

)

select distinct
    hubs.hub_id as node_a,
    evidence.node_id as node_b
from {{ ref('int_identity_evidence') }} as evidence
inner join hubs on evidence.record_key = hubs.record_key
