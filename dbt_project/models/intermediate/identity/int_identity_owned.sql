-- Phones and e-mails that are an account's own: told of it (seed identity_trusts: is_own), not of a receiver, on one record or on two of one
-- order. What stands so beside more accounts of one kind than its cap is the shop's or a family's, and nobody's own.
with shown as (

    select
        coalesce(orders.order_number, uses.record_key) as order_number,
        uses.node_id, uses.key_type, uses.key_scope, uses.key_rank, uses.is_strong, {{ fan_out_cap('uses') }} as fan_out_cap
    from {{ ref('int_identity_uses') }} as uses
    left join {{ ref('int_identity_orders') }} as orders on uses.record_key = orders.record_key
    left join {{ ref('int_identity_crowds') }} as crowds on uses.node_id = crowds.account_id
    where {{ is_usable('uses') }} and crowds.account_id is null and uses.is_own and not uses.is_bridge and not uses.is_ruled

),

pairs as (

    select distinct
        account.node_id as account_id, account.key_type as account_type, account.key_scope as account_scope,
        shown.node_id, shown.key_type, shown.fan_out_cap
    from shown as account
    inner join shown on account.order_number = shown.order_number
    where account.is_strong and account.key_rank < {{ var('identity_account_rank_below') }} and shown.key_rank >= {{ var('identity_account_rank_below') }}

),

shared as (

    select node_id
    from pairs
    group by node_id, account_type, account_scope
    having count(distinct account_id) > min(fan_out_cap)

)

select distinct account_id, key_type, node_id
from pairs
where node_id not in (select node_id from shared)
