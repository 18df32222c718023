-- Payments that prove nothing of the buyer, per record and number. 代付 and gifts: the order says that another paid, so neither its payment numbers nor
-- its receiver speak of the buyer. A guide at the till, a parent, a card lent to friends: a payer who pays for more accounts of one type and scope than
-- var identity_payer_cap, or an account that so many pay for, is linked only where payer and account also stand on one record; nor is a payer linked
-- whose own phone is known and is another one than the account's. A card proves the least, since whoever stands at the till may show it or say its
-- number: who pays under it is linked after var identity_card_payments such payments.
with usable as (

    select uses.record_key, uses.node_id, uses.key_type, uses.key_scope, uses.key_token, uses.trust, uses.is_bridge, uses.is_ruled
    from {{ ref('int_identity_uses') }} as uses
    where {{ is_usable('uses') }}

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

payments as (

    -- what is known of the payer and the accounts of each payment
    select
        paid.record_key,
        bool_or(payers.is_stranger) as is_strangers,
        max(case when not payers.is_own then payers.accounts else 0 end) as accounts,
        not bool_or(payers.is_own or not payers.is_card) as is_for_cards_alone,
        max(payers.payments) as payments
    from (select distinct record_key, payer_id, account_id from {{ ref('int_identity_payments') }}) as paid
    inner join {{ ref('int_identity_payers') }} as payers on paid.payer_id = payers.payer_id and paid.account_id = payers.account_id
    group by paid.record_key

),

judged as (

    select record_key, 'paid_by_other' as rule, cast(null as bigint) as accounts
    from payments
    where is_strangers
    union all
    select record_key, 'pays_for_others', accounts
    from payments
    where accounts > {{ var('identity_payer_cap') }}
    union all
    select record_key, 'card_shown', payments
    from payments
    where
        is_for_cards_alone and payments < {{ var('identity_card_payments') }}
        and not is_strangers and accounts <= {{ var('identity_payer_cap') }}

)

select
    'paid_by_other' as rule, usable.record_key, usable.node_id, usable.key_type, usable.key_scope, usable.key_token, usable.trust,
    cast(null as bigint) as accounts
from usable
inner join told_paid_by_other on usable.record_key = told_paid_by_other.record_key
where (usable.is_bridge and usable.key_type <> 'order_id') or usable.trust = 'receiver'
union
select
    judged.rule, payment_numbers.record_key, payment_numbers.node_id, payment_numbers.key_type, payment_numbers.key_scope,
    payment_numbers.key_token, payment_numbers.trust, judged.accounts
from judged
inner join payment_numbers on judged.record_key = payment_numbers.record_key
union all
select distinct
    'crowd', cast(null as string), usable.node_id, usable.key_type, usable.key_scope, usable.key_token, usable.trust, crowds.payers
from usable
inner join {{ ref('int_identity_crowds') }} as crowds on usable.node_id = crowds.account_id
where not usable.is_ruled
