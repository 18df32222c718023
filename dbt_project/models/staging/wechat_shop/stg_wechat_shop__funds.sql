-- WeChat shop fees by order, one row per account entry that is a cost. A fee taken is a cost whatever its sign, one given back lowers it.
with rows_now as (

    select
        versions.*,
        case direction when 'out' then abs(amount_cny) when 'in' then -abs(amount_cny) else -amount_cny end as cost_cny
    from {{ newest('wechat_shop', 'funds') }} as versions
    where is_current

),

typed as (

    select
        rows_now.*,
        case
            when entry_type in ('platform_fee', 'kol_commission') then entry_type
            when entry_type like '%运费险%' then 'freight_insurance'
            when entry_type like '%团长%' or entry_type like '%机构%' then 'leader_commission'
            when entry_type like '%手续费%' then 'payment_fee'
        end as cost_type
    from rows_now

)

select {{ canonical('order_costs', {
    'order_key': "'wechat_shop:' || order_id",
    'cost_type': true,
    'amount_cny': 'cost_cny',
    'basis': "'settled'",
    'incurred_on': 'cast(coalesce(entered_at, _exported_at) as date)',
}) }}
from typed
where cost_type is not null
