-- Phones and e-mails that are an account's own: told of it (seed identity_trusts: is_own), not of a receiver, on one record or on two of one
-- order; or told so of an account with which it shares a key that one person holds once: a WeCom friend's phone is the one that the mini program
-- verified for the same union id. What stands so beside more accounts of one kind than its cap is the shop's or a family's, and nobody's own.
with shown as (

    select
        coalesce(orders.order_number, uses.record_key) as order_number, uses.record_key,
        uses.node_id, uses.key_type, uses.key_scope, uses.key_rank, uses.is_strong, uses.is_one_per_person, {{ fan_out_cap('uses') }} as fan_out_cap
    from {{ ref('int_identity_uses') }} as uses
    left join {{ ref('int_identity_orders') }} as orders on uses.record_key = orders.record_key
    left join {{ ref('int_identity_crowds') }} as crowds on uses.node_id = crowds.account_id
    where
        {{ is_usable('uses') }} and crowds.account_id is null and uses.is_own and not uses.is_bridge and not uses.is_ruled
        and not uses.is_holder_unknown

),

accounts as (select * from shown where is_strong and key_rank < {{ var('identity_account_rank_below') }}),

told as (

    select distinct
        accounts.node_id as account_id, accounts.key_type as account_type, accounts.key_scope as account_scope,
        shown.node_id, shown.key_type, shown.fan_out_cap
    from accounts
    inner join shown on accounts.order_number = shown.order_number
    where shown.key_rank >= {{ var('identity_account_rank_below') }}

),

-- the accounts of one person, by the key that this person holds once
anchored as (

    select distinct accounts.node_id as account_id, accounts.key_type as account_type, accounts.key_scope as account_scope, anchors.node_id as anchor_id
    from accounts
    inner join accounts as anchors on accounts.record_key = anchors.record_key and anchors.is_one_per_person

),

-- a device on which many log in holds one such key for all of them: it ties nobody
busy as (

    select anchor_id
    from anchored
    group by anchor_id, account_type, account_scope
    having count(*) > {{ var('identity_crowd_cap') }}

),

told_of_anchors as (

    select distinct anchored.anchor_id, told.node_id, told.key_type, told.fan_out_cap
    from anchored
    inner join told on anchored.account_id = told.account_id
    where anchored.anchor_id not in (select anchor_id from busy)

),

pairs as (

    select account_id, account_type, account_scope, node_id, key_type, fan_out_cap from told
    union
    select
        anchored.account_id, anchored.account_type, anchored.account_scope,
        told_of_anchors.node_id, told_of_anchors.key_type, told_of_anchors.fan_out_cap
    from anchored
    inner join told_of_anchors on anchored.anchor_id = told_of_anchors.anchor_id

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
