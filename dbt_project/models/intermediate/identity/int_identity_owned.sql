-- Phones and e-mails that are an account's own: told of it; or told of an account with which it shares a key that one person holds once: a WeCom
-- friend's phone is the one that the mini program verified for the same union id. What stands so beside more accounts of one kind than its cap is the
-- shop's or a family's, and nobody's own.
with told as (

    select account_id, account_type, account_scope, node_id, key_type, fan_out_cap from {{ ref('int_identity_owned__told') }}

),

anchored as (

    select anchor_id, account_id, account_type, account_scope from {{ ref('int_identity_owned__anchored') }}

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

select distinct account_id, account_type, account_scope, key_type, node_id
from pairs
where node_id not in (select node_id from shared)
