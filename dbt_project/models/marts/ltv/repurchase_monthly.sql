-- Who comes back: for the customers first seen buying in a month, the share that bought again on a later day, and for
-- everybody who bought in the month, how much of it was return business. A purchase counts where money stayed after refunds.
{% set windows = [30, 90, 180, 365] %}
with as_of as (

    select max(as_of_on) as as_of_on from {{ source('lake', 'context') }}

),

shown as (

    select acquisition_channel, customer_id, paid_month, cohort_month, age_days, purchase_on, net_revenue_cny
    from {{ ref('int_purchases') }}
    where customer_id is not null
    union all
    select 'all', customer_id, paid_month, cohort_month, age_days, purchase_on, net_revenue_cny
    from {{ ref('int_purchases') }}
    where customer_id is not null

),

seconds as (

    select
        acquisition_channel, customer_id, cohort_month,
        min(case when age_days > 0 and purchase_on is not null then age_days end) as days_to_second
    from shown
    group by 1, 2, 3

),

cohorts as (

    select
        cohort_month as month, acquisition_channel,
        count(*) as new_buyers,
        {% for days in windows %}
        count(case when days_to_second <= {{ days }} then 1 end) as repurchased_{{ days }}d,
        {% endfor %}
        median(days_to_second) as median_days_to_second
    from seconds
    group by 1, 2

),

bought as (

    select
        paid_month as month, acquisition_channel, customer_id,
        count(distinct purchase_on) as purchase_days,
        sum(net_revenue_cny) as net_revenue_cny,
        sum(case when age_days > 0 then net_revenue_cny end) as returning_cny
    from shown
    group by 1, 2, 3

),

periods as (

    select
        month, acquisition_channel,
        count(*) as buyers,
        count(case when purchase_days >= 2 then 1 end) as buyers_twice,
        sum(net_revenue_cny) as net_revenue_cny,
        sum(returning_cny) as returning_cny
    from bought
    group by 1, 2

)

select
    periods.month,
    periods.acquisition_channel,
    -- the cohort first seen buying in this month
    cast(coalesce(cohorts.new_buyers, 0) as bigint) as new_buyers,
    {% for days in windows %}
    case when {{ days_between("cast(periods.month + interval '1' month as date)", 'as_of.as_of_on') }} >= {{ days }}
        then cast(cast(cohorts.repurchased_{{ days }}d as double) / nullif(cohorts.new_buyers, 0) as decimal(9, 8)) end as repurchase_rate_{{ days }}d,
    {% endfor %}
    cast(cohorts.median_days_to_second as decimal(18, 2)) as median_days_to_second,
    -- everybody who bought in this month
    cast(periods.buyers as bigint) as buyers,
    cast(cast(periods.buyers_twice as double) / periods.buyers as decimal(9, 8)) as period_repurchase_rate,
    cast(periods.net_revenue_cny as decimal(18, 2)) as net_revenue_cny,
    {{ ratio('coalesce(periods.returning_cny, 0)', 'periods.net_revenue_cny') }} as returning_revenue_share,
    cast(periods.month + interval '1' month as date) <= as_of.as_of_on as is_mature
from periods
cross join as_of
left join cohorts on periods.month = cohorts.month and periods.acquisition_channel = cohorts.acquisition_channel
