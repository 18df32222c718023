-- Kuaishou refunds, told only by the funds file: one row per settlement that gave money back. Settled = paid + subsidies − refund − fees.
select {{ canonical('refunds', {
    'refund_key': '_record_key',
    'order_key': "'kuaishou:' || order_id",
    'line_key': "'kuaishou:' || order_id",
    'platform': "'kuaishou'",
    'refund_kind': "'unspecified'",
    'amount_cny': 'abs(refunded_cny)',
    'succeeded_at': 'coalesce(settled_at, _exported_at)',
    'known_at': '_exported_at',
}) }}
from {{ newest('kuaishou', 'funds') }} as versions
where is_current and refunded_cny <> 0
