-- Pinduoduo after-sale cases, one row per case. A case says what the buyer got back; the platform's subsidy goes back with it in the
-- same proportion, so that the amount is on the basis of 商家实收: a whole refund leaves nothing.
with cases as (

    select * from {{ newest('pinduoduo', 'refunds') }} as versions where is_current

),

orders as (

    select order_id, amount_paid_cny, amount_received_cny
    from {{ newest('pinduoduo', 'orders') }} as versions
    where is_current

),

based as (

    select
        cases.*,
        {{ on_receivable_basis('cases.refunded_cny', 'orders.amount_paid_cny', 'orders.amount_received_cny') }} as given_back_cny
    from cases
    left join orders on cases.order_id = orders.order_id

)

select {{ canonical('refunds', {
    'refund_key': "'pinduoduo:' || after_sale_id",
    'order_key': "'pinduoduo:' || order_id",
    'line_key': "'pinduoduo:' || order_id",
    'platform': "'pinduoduo'",
    'refund_kind': "coalesce(refund_kind, 'unspecified')",
    'amount_cny': 'given_back_cny',
    'applied_at': true,
    'succeeded_at': "case when refund_status = 'succeeded' then coalesce(refunded_at, applied_at, _exported_at) end",
    'reason': true,
    'known_at': '_exported_at',
}) }}
from based
