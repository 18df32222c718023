-- JD service cases, one row per case; when money counts as gone back stands in macros/jd_after_sales.sql.
select {{ canonical('refunds', {
    'refund_key': "'jd:' || after_sale_id",
    'order_key': "'jd:' || order_id",
    'platform': "'jd'",
    'refund_kind': "coalesce(refund_kind, 'unspecified')",
    'amount_cny': 'refunded_cny',
    'applied_at': true,
    'succeeded_at': 'case when is_refunded then coalesce(refunded_at, handled_at, reviewed_at, applied_at, _exported_at) end',
    'reason': true,
    'known_at': '_exported_at',
}) }}
from {{ jd_after_sales() }} as cases
