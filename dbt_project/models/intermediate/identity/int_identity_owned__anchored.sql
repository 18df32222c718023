-- The accounts of one person, by a key that this person holds once: they stand on a record with it.
with accounts as (

    select uses.record_key, uses.node_id, uses.key_type, uses.key_scope, uses.is_one_per_person
    from {{ ref('int_identity_uses') }} as uses
    left join {{ ref('int_identity_crowds') }} as crowds on uses.node_id = crowds.account_id
    where
        {{ is_usable('uses') }} and crowds.account_id is null and uses.is_own and not uses.is_bridge and not uses.is_ruled
        and not uses.is_holder_unknown and uses.is_strong and uses.key_rank < {{ var('identity_account_rank_below') }}

)

select distinct
    anchors.node_id as anchor_id,
    accounts.node_id as account_id,
    accounts.key_type as account_type,
    accounts.key_scope as account_scope
from accounts
inner join accounts as anchors on accounts.record_key = anchors.record_key
where anchors.is_one_per_person
