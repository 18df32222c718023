-- Who paid for which account: a record with a payment number and no order is the payment's own and speaks of the payer; an order's record that shows
-- the same number speaks of the account that bought.
with usable as (

    select uses.record_key, uses.node_id, uses.key_type, uses.key_scope, uses.key_rank, uses.is_bridge, uses.is_strong
    from {{ ref('int_identity_uses') }} as uses
    where {{ is_usable('uses') }}

),

payment_numbers as (

    select usable.record_key, usable.node_id, orders.record_key is not null as is_order
    from usable
    left join {{ ref('int_identity_orders') }} as orders on usable.record_key = orders.record_key
    where usable.is_bridge and usable.key_type <> 'order_id'

),

accounts as (

    select record_key, node_id, key_type, key_scope
    from usable
    where not is_bridge and is_strong and key_rank < {{ var('identity_account_rank_below') }}

)

select distinct
    payment.record_key,
    payer.node_id as payer_id, payer.key_type as payer_type, payer.key_scope as payer_scope,
    account.node_id as account_id, account.key_type as account_type, account.key_scope as account_scope
from payment_numbers as payment
inner join accounts as payer on payment.record_key = payer.record_key
inner join payment_numbers as bought on payment.node_id = bought.node_id and bought.is_order
inner join accounts as account on bought.record_key = account.record_key
where not payment.is_order
