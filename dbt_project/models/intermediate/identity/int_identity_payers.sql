-- Who paid for which account, how often, and what else is known of the two: whether they stand on one record or have a phone in common, whether each
-- has phones of its own and none in common, and for how many others of one type and scope the payer pays, or the account is paid by. Accounts that are
-- nobody's stay out: there, who pays is who buys.
with accounts as (

    select uses.record_key, uses.node_id, uses.key_type, uses.key_scope
    from {{ ref('int_identity_uses') }} as uses
    where {{ is_usable('uses') }} and not uses.is_bridge and uses.is_strong and uses.key_rank < {{ var('identity_account_rank_below') }}

),

paid as (

    select *
    from {{ ref('int_identity_payments') }}
    where account_id not in (select account_id from {{ ref('int_identity_crowds') }}) and payer_id not in (select account_id from {{ ref('int_identity_crowds') }})

),

paying as (select distinct payer_id, payer_type, payer_scope from paid),

own as (

    -- they stand on one record, or have a phone in common
    select paying.payer_id, paying.payer_type, paying.payer_scope, account.node_id as account_id, account.key_type as account_type, account.key_scope as account_scope
    from paying
    inner join accounts as payer on paying.payer_id = payer.node_id
    inner join accounts as account on payer.record_key = account.record_key
    union
    select paying.payer_id, paying.payer_type, paying.payer_scope, buyers.account_id, buyers.account_type, buyers.account_scope
    from paying
    inner join {{ ref('int_identity_owned') }} as payers on paying.payer_id = payers.account_id
    inner join {{ ref('int_identity_owned') }} as buyers on payers.node_id = buyers.node_id

),

pairs as (

    select payer_id, payer_type, payer_scope, account_id, account_type, account_scope from paid
    union
    select payer_id, payer_type, payer_scope, account_id, account_type, account_scope
    from own
    where account_id not in (select account_id from {{ ref('int_identity_crowds') }})

),

counted as (

    select
        pairs.payer_id, pairs.account_id,
        greatest(pays.accounts, paid_by.payers) as accounts
    from pairs
    inner join (
        select payer_id, account_type, account_scope, count(*) as accounts from pairs group by 1, 2, 3
    ) as pays
        on pairs.payer_id = pays.payer_id and pairs.account_type = pays.account_type and pairs.account_scope = pays.account_scope
    inner join (
        select account_id, payer_type, payer_scope, count(*) as payers from pairs group by 1, 2, 3
    ) as paid_by
        on pairs.account_id = paid_by.account_id and pairs.payer_type = paid_by.payer_type and pairs.payer_scope = paid_by.payer_scope

),

strangers as (

    -- payer and account each have phones (or e-mails) of their own, and none in common
    select distinct met.payer_id, met.account_id
    from (
        select paid.payer_id, paid.account_id
        from (select distinct payer_id, account_id from paid) as paid
        inner join {{ ref('int_identity_owned') }} as payers on paid.payer_id = payers.account_id
        inner join {{ ref('int_identity_owned') }} as buyers on paid.account_id = buyers.account_id and payers.key_type = buyers.key_type
        group by paid.payer_id, paid.account_id, payers.key_type
        having sum(case when payers.node_id = buyers.node_id then 1 else 0 end) = 0
    ) as met

)

select
    paid.payer_id,
    paid.account_id,
    paid.account_type in ({% for key_type in var('identity_card_types') %}'{{ key_type }}'{{ ', ' if not loop.last }}{% endfor %}) as is_card,
    own.payer_id is not null as is_own,
    own.payer_id is null and strangers.payer_id is not null as is_stranger,
    cast(coalesce(counted.accounts, 0) as bigint) as accounts,
    cast(paid.payments as bigint) as payments
from (select payer_id, account_id, account_type, count(distinct record_key) as payments from paid group by 1, 2, 3) as paid
left join counted on paid.payer_id = counted.payer_id and paid.account_id = counted.account_id
left join (select distinct payer_id, account_id from own) as own on paid.payer_id = own.payer_id and paid.account_id = own.account_id
left join strangers on paid.payer_id = strangers.payer_id and paid.account_id = strangers.account_id
