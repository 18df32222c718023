-- Refunds that succeeded and that no delivered bill holds, one row per refund: the bill stands where both tell of one.
with billed as (

    select distinct transaction_id, refund_id
    from {{ newest('wechat_pay', 'bills') }} as bills
    where is_current and trade_status = 'refund'

),

refunds as (

    select * from {{ newest('wechat_pay', 'refunds') }} as versions where is_current and refund_status = 'succeeded'

)

select {{ canonical('payments', {
    'payment_key': 'refunds._record_key',
    'platform': "'wechat_pay'",
    'record_key': 'refunds._record_key',
    'transaction_id': 'refunds.transaction_id',
    'out_trade_no': 'refunds.out_trade_no',
    'refund_no': 'coalesce(refunds.out_refund_no, refunds.refund_id)',
    'kind': "'refund'",
    'amount_cny': 'refunds.refunded_cny',
    'paid_at': 'coalesce(refunds.succeeded_at, refunds.applied_at)',
    'shop': 'refunds.mch_id',
}) }}
from refunds
left join billed on refunds.transaction_id = billed.transaction_id and refunds.refund_id = billed.refund_id
where billed.refund_id is null
