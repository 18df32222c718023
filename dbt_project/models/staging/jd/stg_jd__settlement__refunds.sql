-- Refunds as JD settled them: 货款 paid out, and price protection 价保. A case that the service file already counts is not counted again.
with rows_now as (

    select * from {{ newest('jd', 'settlement') }} as versions where is_current

),

paid_out as (

    select
        rows_now.*,
        fee_name like '%价保扣款%' as is_price_protection
    from rows_now
    where order_id is not null
        and (fee_name = '货款' or fee_name like '%价保扣款%')
        and (direction = 'out' or (direction is null and amount_cny < 0))

),

counted as (

    select order_id, after_sale_id from {{ after_sale_cases('jd', 'handled_at') }} as cases where is_refunded

)

select {{ canonical('refunds', {
    'refund_key': '_record_key',
    'order_key': "'jd:' || order_id",
    'platform': "'jd'",
    'refund_kind': "case when is_price_protection then 'compensation' else 'unspecified' end",
    'amount_cny': 'abs(amount_cny)',
    'succeeded_at': 'coalesce(refunded_at, arrived_at, cast(billed_on as timestamp))',
    'known_at': '_exported_at',
}) }}
from paid_out
where not exists (select 1 from counted where counted.after_sale_id = paid_out.after_sale_id)
    -- goods paid out without a case number: only where the order has no counted case that it could be
    and (
        paid_out.after_sale_id is not null or paid_out.is_price_protection
        or not exists (select 1 from counted where counted.order_id = paid_out.order_id)
    )
