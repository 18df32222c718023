-- Payments that prove nothing of the buyer, per record and number. 代付 and gifts: the order says that another paid, so neither its payment numbers nor
-- its receiver speak of the buyer. A guide at the till, a parent, a card lent to friends: a payer who pays for more accounts of one type and scope than
-- var identity_payer_cap, or an account that so many pay for, is linked only where payer and account also stand on one record; nor is a payer linked
-- whose own phone is known and is another one than the account's.
with usable as (

    select uses.* from {{ ref('int_identity_uses') }} as uses where {{ is_usable('uses') }}

),

payment_numbers as (select record_key, node_id, key_type, key_scope, key_token, trust from usable where is_bridge and key_type <> 'order_id'),

told_paid_by_other as (

    -- an order may stand on many records: each of them keeps its payment to itself
    select distinct twins.record_key
    from {{ ref('int_orders__unioned') }} as orders
    inner join {{ ref('int_identity_orders') }} as named on orders.record_key = named.record_key
    inner join {{ ref('int_identity_orders') }} as twins on named.order_number = twins.order_number
    where orders.is_paid_by_other
    union
    select record_key from {{ ref('int_orders__unioned') }} where is_paid_by_other

),

accounts as (

    select record_key, node_id, key_type, key_scope
    from usable
    where not is_bridge and is_strong and key_rank < {{ var('identity_account_rank_below') }}

),

paid as (select * from {{ ref('int_identity_payments') }}),

paying as (select distinct payer_id, payer_type, payer_scope from paid),

own as (

    -- they stand on one record, or have a phone in common
    select paying.payer_id, paying.payer_type, paying.payer_scope, account.node_id as account_id, account.key_type as account_type, account.key_scope as account_scope
    from paying
    inner join accounts as payer on paying.payer_id = payer.node_id
    inner join accounts as account on payer.record_key = account.record_key
    union
    select paying.payer_id, paying.payer_type, paying.payer_scope, account.node_id, account.key_type, account.key_scope
    from paying
    inner join {{ ref('int_identity_owned') }} as payers on paying.payer_id = payers.account_id
    inner join {{ ref('int_identity_owned') }} as buyers on payers.node_id = buyers.node_id
    inner join accounts as account on buyers.account_id = account.node_id

),

pairs as (

    select payer_id, payer_type, payer_scope, account_id, account_type, account_scope
    from (
        select payer_id, payer_type, payer_scope, account_id, account_type, account_scope from paid
        union
        select payer_id, payer_type, payer_scope, account_id, account_type, account_scope from own
    ) as met
    where account_id not in (select account_id from {{ ref('int_identity_crowds') }}) and payer_id not in (select account_id from {{ ref('int_identity_crowds') }})

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

for_others as (

    select paid.record_key, max(counted.accounts) as accounts
    from paid
    inner join counted on paid.payer_id = counted.payer_id and paid.account_id = counted.account_id
    left join own on paid.payer_id = own.payer_id and paid.account_id = own.account_id
    where counted.accounts > {{ var('identity_payer_cap') }} and own.payer_id is null
    group by paid.record_key

),

strangers as (

    -- payer and account each have phones of their own, and none in common
    select paid.record_key, paid.payer_id, paid.account_id
    from paid
    inner join {{ ref('int_identity_owned') }} as payers on paid.payer_id = payers.account_id
    inner join {{ ref('int_identity_owned') }} as buyers on paid.account_id = buyers.account_id and payers.key_type = buyers.key_type
    left join own on paid.payer_id = own.payer_id and paid.account_id = own.account_id
    where own.payer_id is null
    group by paid.record_key, paid.payer_id, paid.account_id, payers.key_type
    having sum(case when payers.node_id = buyers.node_id then 1 else 0 end) = 0

)

select
    'paid_by_other' as rule, usable.record_key, usable.node_id, usable.key_type, usable.key_scope, usable.key_token, usable.trust,
    cast(null as bigint) as accounts
from usable
inner join told_paid_by_other on usable.record_key = told_paid_by_other.record_key
where (usable.is_bridge and usable.key_type <> 'order_id') or usable.trust = 'receiver'
union
select
    'paid_by_other', payment_numbers.record_key, payment_numbers.node_id, payment_numbers.key_type, payment_numbers.key_scope,
    payment_numbers.key_token, payment_numbers.trust, cast(null as bigint)
from strangers
inner join payment_numbers on strangers.record_key = payment_numbers.record_key
union all
select
    'pays_for_others', payment_numbers.record_key, payment_numbers.node_id, payment_numbers.key_type, payment_numbers.key_scope,
    payment_numbers.key_token, payment_numbers.trust, for_others.accounts
from for_others
inner join payment_numbers on for_others.record_key = payment_numbers.record_key
union all
select distinct
    'crowd', cast(null as string), usable.node_id, usable.key_type, usable.key_scope, usable.key_token, usable.trust, crowds.payers
from usable
inner join {{ ref('int_identity_crowds') }} as crowds on usable.node_id = crowds.account_id
where not usable.is_ruled
