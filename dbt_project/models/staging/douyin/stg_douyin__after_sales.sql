-- Douyin after-sale cases, one row per case: goods, freight, discounts and tax that went back, which is the basis of receivable.
select {{ canonical('refunds', {
    'refund_key': "'douyin:' || after_sale_id",
    'order_key': "'douyin:' || order_id",
    'line_key': "'douyin:' || sub_order_id",
    'platform': "'douyin'",
    'refund_kind': "coalesce(refund_kind, 'unspecified')",
    'amount_cny': 'coalesce(refunded_goods_cny, 0) + coalesce(refunded_freight_cny, 0) + coalesce(refunded_discount_cny, 0)
        + coalesce(refunded_tax_cny, 0)',
    'applied_at': true,
    'succeeded_at': "case when after_sale_status = 'succeeded' then coalesce(refunded_at, arrived_at, finished_at, _exported_at) end",
    'reason': true,
    'known_at': '_exported_at',
}) }}
from {{ newest('douyin', 'after_sales') }} as versions
where is_current
