-- The keys that identity rulings in force speak of. A token copied from identity_review means every key that has it.
with named as (

    select ruling_key, verdict, key_type, key_scope, key_token, ruled_on
    from {{ ref('stg_rulings__identity__keys') }}
    where key_type is not null
    union all
    select named.ruling_key, named.verdict, known.key_type, known.key_scope, known.key_token, named.ruled_on
    from {{ ref('stg_rulings__identity__keys') }} as named
    inner join {{ ref('int_identity_keys') }} as known on named.key_token = known.key_token and known.key_class = 'ok'
    where named.key_type is null

)

select distinct
    cast(ruling_key as string) as ruling_key,
    cast(verdict as string) as verdict,
    cast(key_type as string) as key_type,
    cast(key_scope as string) as key_scope,
    cast(key_token as string) as key_token,
    cast(ruled_on as date) as ruled_on
from named
