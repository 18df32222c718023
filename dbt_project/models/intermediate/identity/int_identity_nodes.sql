-- One row per admitted key: its number, and when and how well it was seen. Two keys of one number would merge two people: a test forbids it.
select
    min(node_id) as node_id,
    key_type,
    key_scope,
    key_token,
    bool_or(is_bridge) as is_bridge,
    bool_or(is_one_per_person) as is_one_per_person,
    min(trust_rank) as trust_rank,
    min(first_seen_at) as first_seen_at,
    max(last_seen_at) as last_seen_at,
    min(valid_from) as valid_from,
    case when bool_or(valid_to is null) then null else max(valid_to) end as valid_to,
    cast(count(distinct record_key) as bigint) as records
from {{ ref('int_identity_evidence') }}
group by key_type, key_scope, key_token
