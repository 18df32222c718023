-- The cohort triangle: who was acquired when and by what, and what they brought at each age. Every age month that has
-- begun is a row, also where nobody bought. In the month that still runs money and orders are shown as far as they are
-- known (they must add up to all orders), while averages and rates stay NULL; so do all figures about persons where too little of
-- the revenue since the cohort month has a known buyer, since returns of customers are then missed. A cohort of whose orders
-- none has a known net amount yet has no value, and says so.
with as_of as (

    select max(as_of_on) as as_of_on from {{ source('lake', 'context') }}

),

purchases as (

    select
        purchases.customer_id, purchases.cohort_month, purchases.age_month, purchases.net_revenue_cny,
        purchases.acquisition_channel, purchases.acquisition_domain,
        coalesce(days.is_promo, false) as acquired_in_promo
    from {{ ref('int_purchases') }} as purchases
    left join {{ ref('dim_calendar') }} as days on purchases.first_paid_on = days.on_date
    where purchases.customer_id is not null

),

cohorts as (

    select
        cohort_month, acquisition_channel, acquisition_domain, acquired_in_promo,
        count(distinct customer_id) as customers
    from purchases
    group by 1, 2, 3, 4

),

months as (

    select
        calendar.month,
        sum(sold.receivable_cny) over (order by calendar.month rows between unbounded preceding and current row) as receivable_upto_cny,
        sum(sold.known_cny) over (order by calendar.month rows between unbounded preceding and current row) as known_upto_cny,
        coalesce(sold.receivable_cny, 0) as receivable_cny,
        coalesce(sold.known_cny, 0) as known_cny
    from (
        select distinct cast({{ dbt.date_trunc('month', 'on_date') }} as date) as month
        from {{ days_from_to('(select min(cohort_month) from ' ~ ref('int_purchases') ~ ')', as_of()) }} as days
    ) as calendar
    left join (
        select paid_month, sum(receivable_cny) as receivable_cny, sum(case when customer_id is not null then receivable_cny else 0 end) as known_cny
        from {{ ref('int_purchases') }}
        group by 1
    ) as sold on calendar.month = sold.paid_month

),

grid as (

    select
        cohorts.*,
        {{ months_between('cohorts.cohort_month', 'months.month') }} as age_month,
        cast(months.month + interval '1' month as date) <= as_of.as_of_on as is_mature,
        cast(months.known_upto_cny - since.known_upto_cny + since.known_cny as double)
            / nullif(cast(months.receivable_upto_cny - since.receivable_upto_cny + since.receivable_cny as double), 0) as identified_revenue_share
    from cohorts
    inner join months on cohorts.cohort_month <= months.month
    inner join months as since on cohorts.cohort_month = since.month
    cross join as_of

),

facts as (

    select
        cohort_month, acquisition_channel, acquisition_domain, acquired_in_promo, age_month,
        count(distinct customer_id) as active_customers,
        count(*) as orders,
        sum(net_revenue_cny) as net_revenue_cny,
        count(case when net_revenue_cny is null then 1 end) as orders_without_net
    from purchases
    group by 1, 2, 3, 4, 5

),

filled as (

    select
        grid.*,
        case
            when grid.identified_revenue_share < {{ var('min_identified_revenue_share') }} then 'identified_share_low'
            when not grid.is_mature then 'month_runs'
        end as why_null,
        coalesce(facts.active_customers, 0) as active_customers,
        coalesce(facts.orders, 0) as orders,
        case when facts.orders is null then cast(0 as decimal(18, 2)) else facts.net_revenue_cny end as net_revenue_cny,
        coalesce(facts.orders_without_net, 0) as orders_without_net,
        sum(facts.net_revenue_cny) over (
            partition by grid.cohort_month, grid.acquisition_channel, grid.acquisition_domain, grid.acquired_in_promo
            order by grid.age_month rows between unbounded preceding and current row
        ) as cumulative_cny
    from grid
    left join facts
        on grid.cohort_month = facts.cohort_month
        and grid.acquisition_channel = facts.acquisition_channel
        and grid.acquisition_domain = facts.acquisition_domain
        and grid.acquired_in_promo = facts.acquired_in_promo
        and grid.age_month = facts.age_month

),

unidentified as (

    select
        paid_month as cohort_month,
        'unidentified:' || platform as acquisition_channel,
        count(*) as orders,
        sum(net_revenue_cny) as net_revenue_cny,
        count(case when net_revenue_cny is null then 1 end) as orders_without_net
    from {{ ref('int_purchases') }}
    where customer_id is null
    group by 1, 2

)

select
    -- the cohort
    cohort_month,
    acquisition_channel,
    acquisition_domain,
    acquired_in_promo,
    cast(age_month as bigint) as age_month,
    -- people and orders
    case when coalesce(why_null, '') <> 'identified_share_low' then cast(customers as bigint) end as customers,
    case when coalesce(why_null, '') <> 'identified_share_low' then cast(active_customers as bigint) end as active_customers,
    cast(orders as bigint) as orders,
    cast(orders_without_net as bigint) as orders_without_net,
    -- money
    cast(net_revenue_cny as decimal(18, 2)) as net_revenue_cny,
    case when is_mature then cast(cumulative_cny as decimal(18, 2)) end as cumulative_revenue_cny,
    case when why_null is null then cast(round(cast(cumulative_cny as double) / customers, 2) as decimal(18, 2)) end as cumulative_per_customer_cny,
    case when why_null is null then cast(round(cast(active_customers as double) / customers, 8) as decimal(9, 8)) end as purchase_retention_rate,
    -- how far to trust it
    cast(identified_revenue_share as decimal(9, 8)) as identified_revenue_share,
    is_mature,
    case when why_null is null and cumulative_cny is null then 'net_unknown' else why_null end as why_null
from filled
union all
select
    unidentified.cohort_month, unidentified.acquisition_channel, 'unidentified', cast(null as boolean), cast(0 as bigint),
    cast(null as bigint), cast(null as bigint), cast(unidentified.orders as bigint), cast(unidentified.orders_without_net as bigint),
    cast(unidentified.net_revenue_cny as decimal(18, 2)), cast(null as decimal(18, 2)), cast(null as decimal(18, 2)), cast(null as decimal(9, 8)),
    cast(0 as decimal(9, 8)), cast(unidentified.cohort_month + interval '1' month as date) <= as_of.as_of_on, 'no_buyer_known'
from unidentified
cross join as_of
