-- What is told of accounts: the phones and e-mails that stand with an account on one record or on two of one order, and are not a receiver's (seed
-- identity_trusts: is_own). Whether they are its own is judged by int_identity_owned.
with shown as (

    select
        coalesce(orders.order_number, uses.record_key) as order_number,
        uses.node_id, uses.key_type, uses.key_scope, uses.key_rank, uses.is_strong, {{ fan_out_cap('uses') }} as fan_out_cap
    from {{ ref('int_identity_uses') }} as uses
    left join {{ ref('int_identity_orders') }} as orders on uses.record_key = orders.record_key
    left join {{ ref('int_identity_crowds') }} as crowds on uses.node_id = crowds.account_id
    where
        {{ is_usable('uses') }} and crowds.account_id is null and uses.is_own and not uses.is_bridge and not uses.is_ruled
        and not uses.is_holder_unknown

)

select distinct
    accounts.node_id as account_id,
    accounts.key_type as account_type,
    accounts.key_scope as account_scope,
    shown.node_id,
    shown.key_type,
    cast(shown.fan_out_cap as bigint) as fan_out_cap
from shown as accounts
inner join shown on accounts.order_number = shown.order_number
where
    accounts.is_strong and accounts.key_rank < {{ var('identity_account_rank_below') }}
    and shown.key_rank >= {{ var('identity_account_rank_below') }}
