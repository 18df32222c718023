-- Keys that stand beside too many people. Fan-out of a key = how many different stronger keys of one type and scope stand on records beside it:
-- a person has one union id per account, so a phone beside four of them is a shop's phone. Counted per type and scope, because one person rightly
-- has a key in each; the receiver of a parcel is not counted: two phones on one order are a buyer and a receiver.
-- Nor is who sends a parcel to another's phone, or an account that is nobody's: neither makes a phone a shop's.
{%- set least_cap = ([var('identity_unknown_cap')] + var('identity_fan_out_caps').values() | list + var('identity_trust_caps').values() | list) | min %}
with weak as (
{{ uses_that_fan_out('uses.record_key, uses.node_id, uses.key_rank') }} and {{ fan_out_cap('uses') }} is not null

),

strong as (
{{ uses_that_fan_out('uses.record_key, uses.node_id, uses.key_type, uses.key_scope, uses.key_rank') }} and not uses.is_bridge and uses.is_strong

),

together as (

    select weak.node_id, strong.key_type as other_key_type, strong.key_scope as other_key_scope, count(distinct strong.node_id) as fan_out
    from weak
    inner join strong on weak.record_key = strong.record_key and strong.key_rank < weak.key_rank
    group by 1, 2, 3

),

widest as (

    select node_id, max(fan_out) as fan_out from together where fan_out > {{ least_cap }} group by node_id

),

capped as (
{{ uses_that_fan_out('uses.node_id, uses.key_type, uses.key_scope, uses.key_token, uses.trust, ' ~ fan_out_cap('uses') ~ ' as fan_out_cap') }} and uses.node_id in (select node_id from widest)

)

select distinct
    capped.node_id, capped.key_type, capped.key_scope, capped.key_token, capped.trust,
    cast(capped.fan_out_cap as bigint) as fan_out_cap,
    cast(widest.fan_out as bigint) as fan_out
from capped
inner join widest on capped.node_id = widest.node_id
where widest.fan_out > capped.fan_out_cap
