-- Refunds that the account paid (交易退款, code 0020002), one row per entry, for orders of which the after-sale file counts no case.
with rows_now as (

    select * from {{ newest('pinduoduo', 'bills') }} as versions where is_current

),

counted as (

    select order_id
    from {{ newest('pinduoduo', 'refunds') }} as versions
    where is_current and refund_status = 'succeeded'

)

select {{ canonical('refunds', {
    'refund_key': '_record_key',
    'order_key': "'pinduoduo:' || order_id",
    'line_key': "'pinduoduo:' || order_id",
    'platform': "'pinduoduo'",
    'refund_kind': "'unspecified'",
    'amount_cny': 'abs(coalesce(expense_cny, 0)) - abs(coalesce(income_cny, 0))',
    'succeeded_at': 'entered_at',
    'known_at': '_exported_at',
}) }}
from rows_now
where order_id is not null
    and (coalesce(entry_type, '') like '%交易退款%' or coalesce(business, '') like '0020002%')
    and not exists (select 1 from counted where counted.order_id = rows_now.order_id)
