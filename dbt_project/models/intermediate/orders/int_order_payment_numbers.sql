-- The payment numbers that orders carry, whichever record of an order tells them. One row per order and payment number.
select distinct
    orders.key_scope || ':' || orders.key_token as order_key,
    paid.key_type, paid.key_scope, paid.key_token
from {{ ref('int_identity_keys') }} as orders
inner join {{ ref('int_identity_keys') }} as paid
    on orders.record_key = paid.record_key and paid.key_type in ('transaction_id', 'out_trade_no') and paid.key_class = 'ok'
where orders.key_type = 'order_id' and orders.key_class = 'ok'
