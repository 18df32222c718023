-- JD service cases, one row per case, an exchange moves no money; when money counts as gone back stands in macros/after_sale_cases.sql.
select {{ canonical('refunds', {
    'refund_key': "'jd:' || after_sale_id",
    'order_key': "'jd:' || order_id",
    'platform': "'jd'",
    'refund_kind': "coalesce(refund_kind, 'unspecified')",
    'amount_cny': "coalesce(refunded_cny, case when refund_kind = 'exchange' then 0 end)",
    'applied_at': true,
    'succeeded_at': 'case when is_refunded then coalesce(refunded_at, handled_at, reviewed_at, applied_at, _exported_at) end',
    'reason': true,
    'known_at': '_exported_at',
}) }}
from {{ after_sale_cases('jd', 'handled_at') }} as cases
