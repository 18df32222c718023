-- Keys that stand beside too many people. Fan-out of a key = how many different stronger keys of one type and scope stand on records beside it:
-- a person has one union id per account, so a phone beside four of them is a shop's phone. Counted per type and scope, because one person rightly
-- has a key in each; the receiver of a parcel is not counted: two phones on one order are a buyer and a receiver.
-- Nor is who sends a parcel to another's phone, or an account that is nobody's: neither makes a phone a shop's.
with usable as (

    select uses.*, {{ fan_out_cap('uses') }} as fan_out_cap
    from {{ ref('int_identity_uses') }} as uses
    left join {{ ref('int_identity_guards__receivers') }} as receivers
        on uses.record_key = receivers.record_key and uses.node_id = receivers.node_id and uses.trust = receivers.trust
    left join {{ ref('int_identity_crowds') }} as crowds on uses.node_id = crowds.account_id
    where {{ is_usable('uses') }} and receivers.record_key is null and crowds.account_id is null and not uses.is_holder_unknown

),

together as (

    select
        weak.node_id, strong.key_type as other_key_type, strong.key_scope as other_key_scope,
        count(distinct strong.node_id) as fan_out
    from usable as weak
    inner join usable as strong
        on weak.record_key = strong.record_key and strong.key_rank < weak.key_rank
        and not strong.is_bridge and strong.is_strong
    where weak.fan_out_cap is not null
    group by 1, 2, 3

),

widest as (

    select node_id, max(fan_out) as fan_out from together group by node_id

)

select distinct
    usable.node_id, usable.key_type, usable.key_scope, usable.key_token, usable.trust,
    cast(usable.fan_out_cap as bigint) as fan_out_cap,
    cast(widest.fan_out as bigint) as fan_out
from usable
inner join widest on usable.node_id = widest.node_id
where widest.fan_out > usable.fan_out_cap
