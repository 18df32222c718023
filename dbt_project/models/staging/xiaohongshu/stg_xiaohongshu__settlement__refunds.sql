-- Refunds as settled: goods, freight and the platform's part that went back, one row per entry. A case that the after-sale file counts is not counted again.
with rows_now as (

    select
        versions.*,
        coalesce(goods_cny, 0) + coalesce(freight_cny, 0) + coalesce(subsidy_platform_cny, 0) as moved_cny
    from {{ newest('xiaohongshu', 'settlement') }} as versions
    where is_current and order_id is not null

),

counted as (

    select order_id, after_sale_id from {{ after_sale_cases('xiaohongshu', 'received_at') }} as cases where is_refunded

)

select {{ canonical('refunds', {
    'refund_key': '_record_key',
    'order_key': "'xiaohongshu:' || order_id",
    'platform': "'xiaohongshu'",
    'refund_kind': "'unspecified'",
    'amount_cny': '-moved_cny',
    'succeeded_at': 'settled_at',
    'known_at': '_exported_at',
}) }}
from rows_now
where moved_cny < 0
    and not exists (select 1 from counted where counted.after_sale_id = rows_now.after_sale_id)
    and (
        rows_now.after_sale_id is not null
        or not exists (select 1 from counted where counted.order_id = rows_now.order_id)
    )
