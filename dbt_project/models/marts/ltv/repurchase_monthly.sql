-- Who comes back: for the customers first seen buying in a month, the share that bought again on a later day, and for
-- everybody who bought in the month, how much of it was return business. A purchase counts where money stayed after refunds.
-- The median is that of returns within a fixed time: of an open one a young month would always seem quicker than an old one.
{% set windows = [30, 90, 180, 365] %}
{% set median_days = 90 %}
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
        median(case when days_to_second <= {{ median_days }} then days_to_second end) as median_days_to_second
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

),

known as (

    select
        paid_month as month,
        cast(sum(case when customer_id is not null then receivable_cny else 0 end) as double)
            / nullif(cast(sum(receivable_cny) as double), 0) as identified_revenue_share
    from {{ ref('int_purchases') }}
    group by 1

),

joined as (

    select
        periods.*,
        cohorts.median_days_to_second, cohorts.new_buyers,
        {% for days in windows %}
        cohorts.repurchased_{{ days }}d,
        {% endfor %}
        known.identified_revenue_share,
        coalesce(known.identified_revenue_share >= {{ var('min_identified_revenue_share') }}, true) as is_told,
        {{ days_between("cast(periods.month + interval '1' month as date)", 'as_of.as_of_on') }} as days_since
    from periods
    cross join as_of
    left join cohorts on periods.month = cohorts.month and periods.acquisition_channel = cohorts.acquisition_channel
    left join known on periods.month = known.month

)

select
    month,
    acquisition_channel,
    -- the cohort first seen buying in this month
    case when is_told then cast(coalesce(new_buyers, 0) as bigint) end as new_buyers,
    {% for days in windows %}
    case when is_told and days_since >= {{ days }}
        then cast(cast(repurchased_{{ days }}d as double) / nullif(new_buyers, 0) as decimal(9, 8)) end as repurchase_rate_{{ days }}d,
    {% endfor %}
    case when is_told and days_since >= {{ median_days }} then cast(median_days_to_second as decimal(18, 2)) end as median_days_to_second,
    -- everybody who bought in this month
    case when is_told then cast(buyers as bigint) end as buyers,
    case when is_told then cast(cast(buyers_twice as double) / buyers as decimal(9, 8)) end as period_repurchase_rate,
    cast(net_revenue_cny as decimal(18, 2)) as net_revenue_cny,
    case when is_told then {{ ratio('coalesce(returning_cny, 0)', 'net_revenue_cny') }} end as returning_revenue_share,
    -- how far to trust it
    cast(identified_revenue_share as decimal(9, 8)) as identified_revenue_share,
    days_since >= 0 as is_mature,
    case when not is_told then 'identified_share_low' end as why_null
from joined
