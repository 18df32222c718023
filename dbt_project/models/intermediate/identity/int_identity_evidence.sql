-- The evidence that passed the guards.
with refused_keys as (

    select distinct node_id, trust from {{ ref('int_identity_guards') }} where record_key is null and rule <> 'class'

),

refused_records as (

    select distinct record_key, node_id, trust from {{ ref('int_identity_guards') }} where record_key is not null

)

select
    uses.record_key, uses.record_id, uses.key_type, uses.key_scope, uses.key_token, uses.trust, uses.key_window, uses.node_id,
    uses.is_bridge, uses.is_one_per_person, uses.is_ruled, uses.key_rank, uses.trust_rank,
    uses.first_seen_at, uses.last_seen_at, uses.valid_from, uses.valid_to
from {{ ref('int_identity_uses') }} as uses
left join refused_keys on uses.node_id = refused_keys.node_id and uses.trust = refused_keys.trust
left join refused_records
    on uses.record_key = refused_records.record_key and uses.node_id = refused_records.node_id and uses.trust = refused_records.trust
where {{ is_usable('uses') }} and refused_keys.node_id is null and refused_records.record_key is null
