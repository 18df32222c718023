-- WeChat shop after-sale cases, one row per case; only success moved money.
select {{ canonical('refunds', {
    'refund_key': "'wechat_shop:' || after_sale_id",
    'order_key': "'wechat_shop:' || order_id",
    'platform': "'wechat_shop'",
    'refund_kind': "coalesce(refund_kind, 'unspecified')",
    'amount_cny': 'refunded_cny',
    'applied_at': true,
    'succeeded_at': "case when after_sale_status = 'succeeded' and coalesce(refund_kind, '') <> 'exchange' then coalesce(updated_at, applied_at, _exported_at) end",
    'reason': true,
    'known_at': '_exported_at',
}) }}
from {{ newest('wechat_shop', 'after_sales') }} as versions
where is_current
