-- Two people on one record: their keys stand under different record keys, so no evidence links them.
with rows_seen as (

    select
        'r1' as record_key, 'u2' as unionid, 'ok' as unionid_class, 'main' as unionid_scope,
        'u1' as inviter_unionid, 'ok' as inviter_unionid_class, 'main' as inviter_unionid_scope,
        timestamp '2026-01-01 00:00:00' as seen_first_at, timestamp '2026-01-01 00:00:00' as seen_last_at, cast(null as timestamp) as valid_to

),

found as (

    {{ identity_evidence({'platform': 'p', 'export': 'e', 'identity': [
        {'column': 'unionid', 'type': 'unionid', 'trust': 'platform', 'person': none, 'list': none},
        {'column': 'inviter_unionid', 'type': 'unionid', 'trust': 'platform', 'person': 'inviter', 'list': none},
    ]}) | indent(4) }}

),

wanted as (

    select 'r1' as record_key, 'u2' as key_token
    union all
    select 'r1#inviter', 'u1'

)

select coalesce(found.record_key, wanted.record_key) as record_key
from found
full join wanted on found.record_key = wanted.record_key and found.key_token = wanted.key_token
where found.record_key is null or wanted.record_key is null
