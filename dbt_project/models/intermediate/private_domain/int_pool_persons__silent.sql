-- Who of the people reachable at a month's end neither acted nor bought lately, and who ever bought: those alike counted together.
{{ config(materialized='ephemeral') }}
with months as (

    select distinct month, end_on from {{ ref('int_pool_months') }}

),

sales as (

    select customer_id, paid_on, cast({{ dbt.date_trunc('month', 'paid_on') }} as date) as month
    from {{ ref('int_conversions') }}
    where customer_id is not null

),

-- the last deed of each person in each month
acts as (

    select customer_id, cast({{ dbt.date_trunc('month', 'touched_at') }} as date) as month, max(cast(touched_at as date)) as last_on
    from {{ ref('int_touches') }}
    where customer_id is not null and is_eligible and cast(touched_at as date) <= {{ as_of() }}
    group by 1, 2
    union all
    select customer_id, month, max(paid_on)
    from sales
    where paid_on <= {{ as_of() }}
    group by 1, 2

),

lively as (

    select distinct months.month, acts.customer_id
    from months
    inner join acts on acts.month <= months.month and acts.last_on > {{ days_before('months.end_on', var('sticky_within_days')) }}

)

select
    persons.month, persons.reach,
    lively.customer_id is null as is_silent,
    known.customer_id is not null as is_buyer,
    count(*) as persons
from {{ ref('int_pool_persons') }} as persons
left join lively on persons.month = lively.month and persons.holder = lively.customer_id
left join (select distinct customer_id from sales) as known on persons.holder = known.customer_id
where persons.reach > 0
group by 1, 2, 3, 4
