-- What of a yuan of net revenue stays as contribution, by the purchases of known customers in the year up to each month's
-- end. Where the costs of too small a part are known, nobody can say: NULL.
with ends as (

    select distinct month, end_on from {{ ref('int_pool_months') }}

),

summed as (

    select
        ends.month,
        cast(sum(case when purchases.is_costed and purchases.net_revenue_cny is not null then purchases.receivable_cny end) as double)
            / nullif(cast(sum(purchases.receivable_cny) as double), 0) as costed_share,
        cast(sum(case when purchases.is_costed then purchases.contribution_cny end) as double)
            / nullif(cast(sum(case when purchases.is_costed then purchases.net_revenue_cny end) as double), 0) as margin_rate
    from ends
    left join {{ ref('int_purchases') }} as purchases
        on purchases.customer_id is not null
        and purchases.paid_on > {{ days_before('ends.end_on', 365) }} and purchases.paid_on <= ends.end_on
    group by 1

)

select
    month,
    cast(round(coalesce(costed_share, 0), 8) as decimal(9, 8)) as costed_share,
    case when costed_share >= {{ var('min_contribution_coverage') }} then cast(round(margin_rate, 8) as decimal(18, 8)) end as margin_rate
from summed
