-- What a list or a message repeats of a number that changed hands is about the holder of whom it speaks, not about the one of its day: it is dated by
-- the last use of the number by an account on the same record. Where that account never used it, nobody knows whose number it was: held_at is NULL.
with repeats as (

    select distinct keys.record_key, keys.key_type, keys.key_scope, keys.key_token, keys.trust
    from {{ ref('int_identity_keys') }} as keys
    inner join (select distinct key_type, key_scope, key_token from {{ ref('int_identity_windows') }}) as changed
        on keys.key_type = changed.key_type and keys.key_scope = changed.key_scope and keys.key_token = changed.key_token
    inner join {{ ref('identity_trusts') }} as trusts on keys.trust = trusts.trust and not trusts.is_use
    where keys.key_class = 'ok'

),

accounts as (

    -- the accounts that a record speaks of
    select keys.record_key, keys.key_type, keys.key_scope, keys.key_token
    from {{ ref('int_identity_keys') }} as keys
    inner join {{ ref('identity_key_types') }} as types on keys.key_type = types.key_type and not types.is_bridge
    inner join {{ ref('identity_trusts') }} as trusts on keys.trust = trusts.trust and trusts.is_strong
    where keys.key_class = 'ok' and types.rank < {{ var('identity_account_rank_below') }}

),

uses as (

    -- when each account used a number that changed hands
    select numbers.key_type, numbers.key_scope, numbers.key_token, accounts.key_type as account_type, accounts.key_scope as account_scope,
        accounts.key_token as account_token, max(numbers.first_seen_at) as used_at
    from {{ ref('int_identity_keys') }} as numbers
    inner join (select distinct key_type, key_scope, key_token from repeats) as repeated
        on numbers.key_type = repeated.key_type and numbers.key_scope = repeated.key_scope and numbers.key_token = repeated.key_token
    inner join {{ ref('identity_trusts') }} as trusts on numbers.trust = trusts.trust and trusts.is_use
    inner join accounts on numbers.record_key = accounts.record_key
    where numbers.key_class = 'ok'
    group by 1, 2, 3, 4, 5, 6

)

select repeats.record_key, repeats.key_type, repeats.key_scope, repeats.key_token, repeats.trust, max(uses.used_at) as held_at
from repeats
inner join accounts on repeats.record_key = accounts.record_key
left join uses
    on repeats.key_type = uses.key_type and repeats.key_scope = uses.key_scope and repeats.key_token = uses.key_token
    and accounts.key_type = uses.account_type and accounts.key_scope = uses.account_scope and accounts.key_token = uses.account_token
group by 1, 2, 3, 4, 5
