-- The evidence that passed the guards, with each key as one number: the first 60 bits of its md5.
with refused_keys as (

    select distinct key_type, key_scope, key_token, trust from {{ ref('int_identity_guards') }} where rule in ('fan_out', 'ruling')

),

refused_records as (

    select distinct record_key, key_type, key_scope, key_token from {{ ref('int_identity_guards') }} where rule = 'paid_by_other'

)

select
    evidence.record_key,
    evidence.key_type,
    evidence.key_scope,
    evidence.key_token,
    evidence.trust,
    {{ hash60("evidence.key_type || '|' || evidence.key_scope || '|' || evidence.key_token") }} as node_id,
    coalesce(types.is_bridge, false) as is_bridge,
    coalesce(types.is_one_per_person, false) as is_one_per_person,
    coalesce(types.rank, 99) as key_rank,
    coalesce(trusts.rank, 99) as trust_rank,
    evidence.first_seen_at,
    evidence.last_seen_at,
    evidence.valid_from,
    evidence.valid_to
from {{ ref('int_identity_keys') }} as evidence
left join {{ ref('identity_key_types') }} as types on evidence.key_type = types.key_type
left join {{ ref('identity_trusts') }} as trusts on evidence.trust = trusts.trust
left join refused_keys
    on evidence.key_type = refused_keys.key_type and evidence.key_scope = refused_keys.key_scope
    and evidence.key_token = refused_keys.key_token and evidence.trust = refused_keys.trust
left join refused_records
    on evidence.record_key = refused_records.record_key and evidence.key_type = refused_records.key_type
    and evidence.key_scope = refused_records.key_scope and evidence.key_token = refused_records.key_token
where evidence.key_class = 'ok' and refused_keys.key_token is null and refused_records.record_key is null
