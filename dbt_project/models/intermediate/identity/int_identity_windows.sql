-- Keys that changed hands: a phone nobody used for years, and then beside other accounts, is another person's (回收号). Uses of one key are
-- islands of time with a silence longer than var identity_recycles_after_days between them; an island begins a new window where no stronger key
-- stands on both sides of that silence and some stand on either. Without stronger keys nothing says that the holder is another. What the brand sends
-- to a number, or a list repeats of it, is no use (seed identity_trusts: is_use): it goes on for years after the number was given back.
with uses as (

    select distinct keys.record_key, keys.key_type, keys.key_scope, keys.key_token, keys.first_seen_at, keys.last_seen_at
    from {{ ref('int_identity_keys') }} as keys
    inner join {{ ref('identity_trusts') }} as trusts on keys.trust = trusts.trust and trusts.is_use
    where
        keys.key_class = 'ok'
        and keys.key_type in ({% for key_type in var('identity_recycles_after_days') %}'{{ key_type }}'{{ ', ' if not loop.last }}{% endfor %})

),

gaps as (

    select
        record_key, key_type, key_scope, key_token, first_seen_at, last_seen_at,
        max(last_seen_at) over (
            partition by key_type, key_scope, key_token order by first_seen_at, last_seen_at, record_key
            rows between unbounded preceding and 1 preceding
        ) as silent_since
    from uses

),

islands as (

    select
        record_key, key_type, key_scope, key_token, first_seen_at,
        sum(case when {{ days_between('silent_since', 'first_seen_at') }} > {{ by_key_type('key_type', var('identity_recycles_after_days')) }} then 1 else 0 end) over (
            partition by key_type, key_scope, key_token order by first_seen_at, last_seen_at, record_key
            rows between unbounded preceding and current row
        ) + 1 as island
    from gaps

),

silent as (

    select distinct key_type, key_scope, key_token from islands where island > 1

),

beside as (

    -- from which to which island each stronger key stands beside it
    select islands.key_type, islands.key_scope, islands.key_token, min(islands.island) as first_island, max(islands.island) as last_island
    from islands
    inner join silent
        on islands.key_type = silent.key_type and islands.key_scope = silent.key_scope and islands.key_token = silent.key_token
    inner join {{ ref('identity_key_types') }} as types on islands.key_type = types.key_type
    inner join {{ ref('int_identity_keys') }} as stronger on islands.record_key = stronger.record_key and stronger.key_class = 'ok'
    inner join {{ ref('identity_key_types') }} as others on stronger.key_type = others.key_type and others.rank < types.rank and not others.is_bridge
    inner join {{ ref('identity_trusts') }} as trusts on stronger.trust = trusts.trust and trusts.is_strong
    group by islands.key_type, islands.key_scope, islands.key_token, stronger.key_type, stronger.key_scope, stronger.key_token

),

starts as (

    select key_type, key_scope, key_token, island, min(first_seen_at) as starts_at
    from islands
    group by 1, 2, 3, 4

),

changed_hands as (

    select starts.key_type, starts.key_scope, starts.key_token, starts.starts_at
    from starts
    inner join beside
        on starts.key_type = beside.key_type and starts.key_scope = beside.key_scope and starts.key_token = beside.key_token
    where starts.island > 1
    group by 1, 2, 3, 4
    having
        sum(case when beside.first_island < starts.island and beside.last_island >= starts.island then 1 else 0 end) = 0
        and min(beside.first_island) < min(starts.island) and max(beside.last_island) >= min(starts.island)

)

select
    key_type,
    key_scope,
    key_token,
    cast(row_number() over (partition by key_type, key_scope, key_token order by starts_at) + 1 as bigint) as key_window,
    starts_at,
    lead(starts_at) over (partition by key_type, key_scope, key_token order by starts_at) as ends_at
from changed_hands
