-- One row per admitted key and window: its number, and when and how well it was seen. Two keys of one number would merge two people: a test forbids it.
-- A person's ruling dates nothing.
select
    node_id,
    key_type,
    key_scope,
    key_token,
    key_window,
    bool_or(is_bridge) as is_bridge,
    bool_or(is_one_per_person) as is_one_per_person,
    bool_or(is_ruled) as is_ruled,
    coalesce(min(trust_rank) filter (where not is_ruled), min(trust_rank)) as trust_rank,
    coalesce(min(first_seen_at) filter (where not is_ruled), min(first_seen_at)) as first_seen_at,
    coalesce(max(last_seen_at) filter (where not is_ruled), max(last_seen_at)) as last_seen_at,
    coalesce(min(valid_from) filter (where not is_ruled), min(valid_from)) as valid_from,
    case when bool_or(valid_to is null and not is_ruled) then null else max(valid_to) end as valid_to,
    cast(count(distinct record_key) as bigint) as records
from {{ ref('int_identity_evidence') }}
group by node_id, key_type, key_scope, key_token, key_window
