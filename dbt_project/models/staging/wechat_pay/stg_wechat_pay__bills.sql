-- WeChat Pay movements, one row per payment or accepted refund. A refund row is written when it is accepted and never again,
-- so only a failed one moved nothing; a revoked payment moved nothing either.
select {{ canonical('payments', {
    'payment_key': '_record_key',
    'platform': "'wechat_pay'",
    'record_key': '_record_key',
    'transaction_id': true,
    'out_trade_no': true,
    'refund_no': "case when trade_status = 'refund' then coalesce(out_refund_no, refund_id) end",
    'kind': 'trade_status',
    'amount_cny': "case when trade_status = 'refund' then coalesce(refund_applied_cny, refunded_cny) else coalesce(order_cny, settle_cny) end",
    'fee_cny': 'round(fee_cny, 2)',
    'paid_at': 'traded_at',
    'shop': 'mch_id',
}) }}
from {{ newest('wechat_pay', 'bills') }} as versions
where is_current and trade_status in ('pay', 'refund') and coalesce(refund_status, '') <> 'failed'
