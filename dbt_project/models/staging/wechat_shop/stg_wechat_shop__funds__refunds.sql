-- Refunds that the shop's account paid, one row per entry, for orders of which no after-sale case counts.
with rows_now as (

    select * from {{ newest('wechat_shop', 'funds') }} as versions where is_current

),

counted as (

    select order_id
    from {{ newest('wechat_shop', 'after_sales') }} as versions
    where is_current and after_sale_status = 'succeeded'

)

select {{ canonical('refunds', {
    'refund_key': '_record_key',
    'order_key': "'wechat_shop:' || order_id",
    'platform': "'wechat_shop'",
    'refund_kind': "'unspecified'",
    'amount_cny': 'abs(amount_cny)',
    'succeeded_at': 'coalesce(entered_at, _exported_at)',
    'known_at': '_exported_at',
}) }}
from rows_now
where entry_type = 'refund' and order_id is not null and coalesce(direction, 'out') = 'out'
    and not exists (select 1 from counted where counted.order_id = rows_now.order_id)
