-- Pinduoduo fees by order, one row per account entry that is a cost. Income, refunds and withdrawals are none; penalties are no cost of selling.
with rows_now as (

    select
        versions.*,
        coalesce(entry_type, '') || ' ' || coalesce(business, '') as words
    from {{ newest('pinduoduo', 'bills') }} as versions
    where is_current

),

typed as (

    select
        rows_now.*,
        case
            when {{ regexp_like('words', '交易收入|交易退款|提现|充值|罚|违规') }} then null
            when {{ regexp_like('words', '多多进宝|推手|达人|佣金') }} then 'kol_commission'
            when {{ regexp_like('words', '运费险|退货包运费|保险') }} then 'freight_insurance'
            when {{ regexp_like('words', '技术服务费|平台服务费|扣点') }} then 'platform_fee'
            when {{ regexp_like('words', '支付服务|手续费|分期') }} then 'payment_fee'
        end as cost_type
    from rows_now

)

select {{ canonical('order_costs', {
    'order_key': "'pinduoduo:' || order_id",
    'cost_type': true,
    'amount_cny': 'abs(coalesce(expense_cny, 0)) - abs(coalesce(income_cny, 0))',
    'basis': "'settled'",
    'incurred_on': 'cast(entered_at as date)',
}) }}
from typed
where cost_type is not null
