-- The tier of every customer today is the same in dim_customers and at the end of tier_monthly: one rule, read twice.
with today as (

    select tier, count(*) as customers from {{ ref('dim_customers') }} group by 1

),

monthly as (

    select to_tier as tier, sum(customers) as customers
    from {{ ref('tier_monthly') }}
    where month = (select max(month) from {{ ref('tier_monthly') }})
    group by 1

)

select coalesce(today.tier, monthly.tier) as tier, today.customers as today, monthly.customers as monthly
from today
full outer join monthly on today.tier = monthly.tier
where coalesce(today.customers, 0) <> coalesce(monthly.customers, 0)
