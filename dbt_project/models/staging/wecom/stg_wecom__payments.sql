-- Payments received in chats and what was paid back of them, one row per movement.
with bills as (

    select * from {{ newest('wecom', 'payments') }} as versions where is_current

),

movements as (

    select
        _record_key as payment_key, _record_key, transaction_id, out_trade_no, case when bill_type = 'refund' then out_refund_no end as refund_no, mch_id,
        bill_type as kind, amount_cny, paid_at
    from bills
    where bill_type in ('pay', 'refund')
    union all
    -- a refund inside a payment counts unless it stands as a bill of its own
    select
        bills._record_key || '|' || refund.out_refund_no, bills._record_key, bills.transaction_id, bills.out_trade_no, refund.out_refund_no, bills.mch_id, 'refund',
        refund.amount_cny, coalesce(refund.refunded_at, bills.paid_at)
    from bills
    {{ explode('bills.refunds', 'refund') }}
    where bills.bill_type = 'pay' and refund.out_refund_no is not null
        and bills.transaction_id not in (select transaction_id from bills where bill_type = 'refund')

)

select {{ canonical('payments', {
    'payment_key': true,
    'platform': "'wecom'",
    'record_key': '_record_key',
    'transaction_id': true,
    'out_trade_no': true,
    'refund_no': true,
    'kind': true,
    'amount_cny': true,
    'paid_at': true,
    'shop': 'mch_id',
}) }}
from movements
