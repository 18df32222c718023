-- Every use of a key on a record, with what the seeds say of its kind and the person-window it falls into; the key is one number from here on:
-- the first 60 bits of its md5. A ruling links keys that data know; it makes nobody, and dates nobody.
with evidence as (

    select record_key, record_id, key_type, key_scope, key_token, key_class, trust, first_seen_at, last_seen_at, valid_from, valid_to
    from {{ ref('int_identity_keys') }}

),

ruled as (

    select
        rulings.ruling_key as record_key, {{ hash60('rulings.ruling_key') }} as record_id, rulings.key_type, rulings.key_scope, rulings.key_token, 'ok' as key_class, 'ruling' as trust,
        cast(rulings.ruled_on as timestamp) as first_seen_at, cast(rulings.ruled_on as timestamp) as last_seen_at,
        cast(rulings.ruled_on as timestamp) as valid_from, cast(null as timestamp) as valid_to
    from {{ ref('int_identity_rulings') }} as rulings
    inner join (
        -- of the few keys that somebody ruled on, not of all
        select distinct evidence.key_type, evidence.key_scope, evidence.key_token
        from evidence
        inner join (select distinct key_type, key_scope, key_token from {{ ref('int_identity_rulings') }} where verdict = 'link') as named
            on evidence.key_type = named.key_type and evidence.key_scope = named.key_scope and evidence.key_token = named.key_token
        where evidence.key_class = 'ok'
    ) as known
        on rulings.key_type = known.key_type and rulings.key_scope = known.key_scope and rulings.key_token = known.key_token
    where rulings.verdict = 'link'

),

all_uses as (

    select * from evidence
    union all
    select * from ruled

),

dated as (

    -- by the moment at which its account held the number, where the record only repeats it
    select
        all_uses.record_key, all_uses.record_id, all_uses.key_type, all_uses.key_scope, all_uses.key_token, all_uses.key_class, all_uses.trust,
        coalesce(repeated.held_at, all_uses.first_seen_at) as first_seen_at,
        coalesce(repeated.held_at, all_uses.last_seen_at) as last_seen_at,
        coalesce(repeated.held_at, all_uses.valid_from) as valid_from,
        all_uses.valid_to,
        repeated.record_key is not null and repeated.held_at is null as is_holder_unknown
    from all_uses
    left join {{ ref('int_identity_windows__repeated') }} as repeated
        on all_uses.record_key = repeated.record_key and all_uses.key_type = repeated.key_type and all_uses.key_scope = repeated.key_scope
        and all_uses.key_token = repeated.key_token and all_uses.trust = repeated.trust

),

placed as (

    select
        dated.*,
        coalesce(windows.key_window, 1) as key_window,
        coalesce(windows.ends_at, case when windows.key_window is null then seconds.starts_at end) as window_ends_at
    from dated
    left join {{ ref('int_identity_windows') }} as windows
        on dated.key_type = windows.key_type and dated.key_scope = windows.key_scope and dated.key_token = windows.key_token
        and dated.first_seen_at >= windows.starts_at and (windows.ends_at is null or dated.first_seen_at < windows.ends_at)
    left join {{ ref('int_identity_windows') }} as seconds
        on dated.key_type = seconds.key_type and dated.key_scope = seconds.key_scope and dated.key_token = seconds.key_token
        and seconds.key_window = 2

)

select
    placed.record_key,
    placed.record_id,
    placed.key_type,
    placed.key_scope,
    placed.key_token,
    placed.key_class,
    placed.trust,
    placed.key_window,
    {{ hash60("placed.key_type || '|' || placed.key_scope || '|' || placed.key_token || case when placed.key_window > 1 then '|' || cast(placed.key_window as string) else '' end") }} as node_id,
    coalesce(types.is_bridge, false) as is_bridge,
    coalesce(types.is_one_per_person, false) as is_one_per_person,
    coalesce(trusts.is_strong, false) as is_strong,
    coalesce(trusts.is_own, false) as is_own,
    placed.trust = 'ruling' as is_ruled,
    placed.is_holder_unknown,
    coalesce(types.rank, 99) as key_rank,
    coalesce(trusts.rank, 99) as trust_rank,
    types.key_type is null or trusts.trust is null as is_unknown,
    placed.first_seen_at,
    placed.last_seen_at,
    placed.valid_from,
    least(placed.valid_to, placed.window_ends_at) as valid_to
from placed
left join {{ ref('identity_key_types') }} as types on placed.key_type = types.key_type
left join {{ ref('identity_trusts') }} as trusts on placed.trust = trusts.trust
