-- The evidence of components in which somebody would hold two keys of one family, in the order of its strength: each key of a record linked to the
-- record's strongest. A person's ruling comes first. Everybody else is settled and stays out.
with conflicting as (

    select distinct component from {{ ref('int_identity_conflicts') }}

),

held as (

    select
        components.component, evidence.record_key, evidence.node_id, evidence.is_ruled, evidence.trust_rank, evidence.first_seen_at,
        row_number() over (
            partition by evidence.record_key order by evidence.is_bridge, evidence.trust_rank, evidence.key_rank, evidence.node_id
        ) as place
    from {{ ref('int_identity_evidence') }} as evidence
    inner join {{ ref('int_identity_components') }} as components on evidence.node_id = components.node_id
    inner join conflicting on components.component = conflicting.component

),

pairs as (

    select
        hubs.component,
        least(hubs.node_id, held.node_id) as node_a,
        greatest(hubs.node_id, held.node_id) as node_b,
        hubs.is_ruled and held.is_ruled as is_ruled,
        greatest(hubs.trust_rank, held.trust_rank) as trust_rank,
        least(hubs.first_seen_at, held.first_seen_at) as first_seen_at
    from held as hubs
    inner join held on hubs.record_key = held.record_key and hubs.place = 1 and held.place > 1 and hubs.node_id <> held.node_id

),

links as (

    select
        pairs.*,
        row_number() over (partition by node_a, node_b order by trust_rank, first_seen_at, is_ruled desc) as place,
        count(*) over (partition by node_a, node_b) as records
    from pairs

),

ends as (

    select node_id, count(*) as degree
    from (
        select node_a as node_id from links where place = 1
        union all
        select node_b from links where place = 1
    ) as both_ends
    group by node_id

),

unique_keys as (select distinct node_id from {{ ref('int_identity_holdings') }}),

marked as (

    select
        links.*,
        -- a key with one link can join nobody: it follows its neighbour and need not be replayed
        case
            when unique_a.node_id is null and a.degree = 1 then links.node_a
            when unique_b.node_id is null and b.degree = 1 then links.node_b
        end as leaf_id
    from links
    inner join ends as a on links.node_a = a.node_id
    inner join ends as b on links.node_b = b.node_id
    left join unique_keys as unique_a on links.node_a = unique_a.node_id
    left join unique_keys as unique_b on links.node_b = unique_b.node_id
    where links.place = 1

)

select
    component,
    node_a,
    node_b,
    is_ruled,
    leaf_id,
    cast(records as bigint) as records,
    cast(trust_rank as bigint) as trust_rank,
    first_seen_at,
    cast(case when leaf_id is null then row_number() over (
        partition by component, leaf_id is null order by trust_rank, first_seen_at, node_a, node_b
    ) end as bigint) as link_number
from marked
