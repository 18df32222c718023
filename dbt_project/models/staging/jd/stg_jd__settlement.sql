-- JD fees by order, one row per settled fee. A fee taken is a cost whatever its sign, a fee given back lowers it; goods and the buyer's freight are no cost.
with rows_now as (

    select * from {{ newest('jd', 'settlement') }} as versions where is_current

),

signed as (

    select
        rows_now.*,
        case direction when 'out' then abs(amount_cny) when 'in' then -abs(amount_cny) else -amount_cny end as cost_cny
    from rows_now

),

typed as (

    select
        signed.*,
        case
            when {{ regexp_like('fee_name', '货款|价保扣款') }} then null
            when {{ regexp_like('fee_name', '京挑客|联盟|达人|推广') }} then 'kol_commission'
            when {{ regexp_like('fee_name', '运费险|运费保险|退货险') }} then 'freight_insurance'
            when {{ regexp_like('fee_name', '佣金|返佣|扣点|技术服务费|平台服务费|平台使用费|交易服务费') }} then 'platform_fee'
            when {{ regexp_like('fee_name', '支付|手续费|白条|分期') }} then 'payment_fee'
            when {{ regexp_like('fee_name', '运费|配送|快递|物流') }} and cost_cny > 0 then 'freight_out'
        end as cost_type
    from signed

)

select {{ canonical('order_costs', {
    'order_key': "'jd:' || order_id",
    'cost_type': true,
    'amount_cny': 'cost_cny',
    'basis': "'settled'",
    'incurred_on': 'billed_on',
}) }}
from typed
where cost_type is not null
