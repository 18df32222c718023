-- Xiaohongshu after-sale cases, one row per case, on the basis of 商家应收: the platform's part goes back in proportion.
with cases as (

    select * from {{ after_sale_cases('xiaohongshu', 'received_at') }} as cases

),

orders as (

    select
        order_id,
        sum(amount_due_cny) as due_cny,
        sum(coalesce(amount_received_cny, amount_due_cny + coalesce(discount_platform_cny, 0))) as receivable_cny
    from {{ newest('xiaohongshu', 'orders') }} as versions
    where is_current
    group by order_id

),

based as (

    select
        cases.*,
        {{ on_receivable_basis('cases.refunded_cny', 'orders.due_cny', 'orders.receivable_cny') }} as given_back_cny
    from cases
    left join orders on cases.order_id = orders.order_id

)

select {{ canonical('refunds', {
    'refund_key': "'xiaohongshu:' || after_sale_id",
    'order_key': "'xiaohongshu:' || order_id",
    'platform': "'xiaohongshu'",
    'refund_kind': "coalesce(refund_kind, 'unspecified')",
    'amount_cny': 'given_back_cny',
    'applied_at': true,
    'succeeded_at': 'case when is_refunded then coalesce(refunded_at, received_at, applied_at, _exported_at) end',
    'reason': true,
    'known_at': '_exported_at',
}) }}
from based
