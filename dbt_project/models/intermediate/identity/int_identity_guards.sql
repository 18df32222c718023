-- Which evidence is refused before anything is linked, and why. Fan-out of a key = how many different stronger keys of one type and
-- scope stand on records beside it: a person has one union id per account, so a phone beside four of them is a shop's phone.
-- Counted per type and scope, because one person rightly has a key in each; the receiver of a parcel is not counted: two phones on one
-- order are a buyer and a receiver.
with keys as (

    select
        evidence.record_key, evidence.key_type, evidence.key_scope, evidence.key_token, evidence.key_class, evidence.trust,
        coalesce(types.rank, 99) as key_rank,
        coalesce(types.is_bridge, false) as is_bridge,
        coalesce(trusts.is_strong, false) as is_strong,
        -- a key or trust that no seed names is held to the strictest cap
        case when types.key_type is null or trusts.trust is null then 1 else least(types.fan_out_cap, trusts.fan_out_cap) end as fan_out_cap
    from {{ ref('int_identity_keys') }} as evidence
    left join {{ ref('identity_key_types') }} as types on evidence.key_type = types.key_type
    left join {{ ref('identity_trusts') }} as trusts on evidence.trust = trusts.trust

),

usable as (select * from keys where key_class = 'ok'),

-- 代付: who pays is not who buys, so the numbers of the payment prove nothing for such an order
paid_by_other as (

    select usable.record_key, usable.key_type, usable.key_scope, usable.key_token, usable.trust
    from usable
    inner join {{ ref('int_orders__unioned') }} as orders on usable.record_key = orders.record_key
    where orders.is_paid_by_other and usable.is_bridge and usable.key_type <> 'order_id'

),

together as (

    select
        weak.key_type, weak.key_scope, weak.key_token, strong.key_type as other_key_type, strong.key_scope as other_key_scope,
        count(distinct strong.key_token) as fan_out,
        min(strong.key_token) as other_key_token
    from usable as weak
    inner join usable as strong
        on weak.record_key = strong.record_key and strong.key_rank < weak.key_rank
        and not strong.is_bridge and strong.is_strong
    where weak.fan_out_cap is not null
    group by 1, 2, 3, 4, 5

),

widest as (

    select
        together.*,
        row_number() over (partition by key_type, key_scope, key_token order by fan_out desc, other_key_type, other_key_scope) as place
    from together

),

too_wide as (

    select
        usable.key_type, usable.key_scope, usable.key_token, usable.trust,
        usable.fan_out_cap, widest.fan_out, widest.other_key_token,
        count(distinct usable.record_key) as records
    from usable
    inner join widest
        on usable.key_type = widest.key_type and usable.key_scope = widest.key_scope and usable.key_token = widest.key_token
    where widest.place = 1 and widest.fan_out > usable.fan_out_cap
    group by 1, 2, 3, 4, 5, 6, 7

),

ruled as (

    select keys.key_type, keys.key_scope, keys.key_token, keys.trust, count(distinct keys.record_key) as records
    from keys
    inner join {{ ref('int_rulings') }} as rulings on rulings.ruling_kind = 'identity_blocked' and rulings.subject = keys.key_token
    where keys.key_class = 'ok'
    group by 1, 2, 3, 4

),

of_class as (

    select key_type, key_scope, key_token, trust, key_class, count(distinct record_key) as records
    from keys
    where coalesce(key_class, '') <> 'ok'
    group by 1, 2, 3, 4, 5

),

final as (

    select
        'fan_out' as rule, cast(null as string) as record_key, key_type, key_scope, key_token, trust, other_key_token,
        fan_out, fan_out_cap, records, 'stands beside ' || cast(fan_out as string) || ' stronger keys of one type' as reason
    from too_wide
    union all
    select 'class', null, key_type, key_scope, key_token, trust, null, null, null, records, 'the value is ' || coalesce(key_class, 'of no class')
    from of_class
    union all
    select 'ruling', null, key_type, key_scope, key_token, trust, null, null, null, records, 'blocked by ruling' from ruled
    union all
    select 'paid_by_other', record_key, key_type, key_scope, key_token, trust, null, null, null, 1, 'the payer is not the buyer'
    from paid_by_other

)

select
    cast(rule as string) as rule,
    cast(record_key as string) as record_key,
    cast(key_type as string) as key_type,
    cast(key_scope as string) as key_scope,
    cast(key_token as string) as key_token,
    cast(trust as string) as trust,
    cast(other_key_token as string) as other_key_token,
    cast(fan_out as bigint) as fan_out,
    cast(fan_out_cap as bigint) as fan_out_cap,
    cast(records as bigint) as records,
    cast(reason as string) as reason
from final
