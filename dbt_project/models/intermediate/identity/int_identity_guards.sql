-- Which evidence is refused before anything is linked, and why. Limits and their reasons: `identity_…` in dbt_project.yml.
with usable as (

    select uses.record_key, uses.node_id, uses.key_type, uses.key_scope, uses.key_token, uses.trust, uses.is_ruled, uses.is_holder_unknown
    from {{ ref('int_identity_uses') }} as uses
    where {{ is_usable('uses') }}

),

named as (

    -- what guide and account lists say of the brand's own people: their phone on an order is the guide's hand, not the customer's
    select distinct 'staff' as rule, 'a key of the own staff' as reason, key_type, key_scope, key_token
    from usable
    where {{ regexp_like('record_key', '#staff$') }}
    union all
    select distinct 'ruling', 'blocked by ruling', key_type, key_scope, key_token from {{ ref('int_identity_rulings') }} where verdict = 'blocked'

),

final as (

    select
        'fan_out' as rule, cast(null as string) as record_key, node_id, key_type, key_scope, key_token, trust, fan_out, fan_out_cap,
        'stands beside ' || cast(fan_out as string) || ' stronger keys of one type' as reason
    from {{ ref('int_identity_guards__wide') }}
    union all
    select distinct
        'class', cast(null as string), node_id, key_type, key_scope, key_token, trust, cast(null as bigint), cast(null as bigint),
        'the value is ' || coalesce(key_class, 'of no class')
    from {{ ref('int_identity_uses') }} as uses
    where not {{ is_usable('uses') }}
    union all
    select distinct
        named.rule, cast(null as string), usable.node_id, usable.key_type, usable.key_scope, usable.key_token, usable.trust,
        cast(null as bigint), cast(null as bigint), named.reason
    from usable
    inner join named
        on usable.key_type = named.key_type and usable.key_scope = named.key_scope and usable.key_token = named.key_token
    where named.rule = 'ruling' or not usable.is_ruled
    union all
    select
        rule, record_key, node_id, key_type, key_scope, key_token, trust, accounts,
        case rule
            when 'pays_for_others' then {{ var('identity_payer_cap') }}
            when 'crowd' then {{ var('identity_crowd_cap') }}
            when 'card_shown' then {{ var('identity_card_payments') }}
        end,
        case rule
            when 'crowd' then 'paid by ' || cast(accounts as string) || ' payers of one type'
            when 'pays_for_others' then 'one of ' || cast(accounts as string) || ' accounts and payers of one type that meet in payments'
            when 'card_shown' then 'paid ' || cast(accounts as string) || ' times under a card that anybody can show'
            else 'the payer is not the buyer'
        end
    from {{ ref('int_identity_guards__payers') }}
    union all
    select
        'receiver', record_key, node_id, key_type, key_scope, key_token, trust, cast(null as bigint), cast(null as bigint),
        'the parcel goes to another phone than the own one of the buyer'
    from {{ ref('int_identity_guards__receivers') }}
    union all
    select
        'holder_unknown', record_key, node_id, key_type, key_scope, key_token, trust, cast(null as bigint), cast(null as bigint),
        'the number changed hands, and the account that a list gives it to never used it'
    from usable
    where is_holder_unknown

)

select
    cast(rule as string) as rule,
    cast(record_key as string) as record_key,
    cast(node_id as bigint) as node_id,
    cast(key_type as string) as key_type,
    cast(key_scope as string) as key_scope,
    cast(key_token as string) as key_token,
    cast(trust as string) as trust,
    cast(fan_out as bigint) as fan_out,
    cast(fan_out_cap as bigint) as fan_out_cap,
    cast(reason as string) as reason
from final
