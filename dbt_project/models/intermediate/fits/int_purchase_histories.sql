-- What was known of each buyer on each cut-off day, and what came in the horizon after it: repeat purchases, the time of the
-- last, the time watched, and spend. Orders of one day are one purchase; a day given back entirely is none.
with cutoffs as (

    select distinct cutoff_on, horizon_days from {{ ref('int_fit_cutoffs') }}

),

days as (

    select
        customer_id,
        purchase_on,
        sum(net_revenue_cny) as net_cny
    from {{ ref('int_purchases') }}
    where customer_id is not null and purchase_on is not null
    group by 1, 2

),

numbered as (

    select
        days.*,
        min(purchase_on) over (partition by customer_id) as first_on
    from days

),

placed as (

    select
        cutoffs.cutoff_on,
        numbered.customer_id,
        numbered.first_on,
        numbered.purchase_on,
        numbered.net_cny,
        {{ days_between('cutoffs.cutoff_on', 'numbered.purchase_on') }} as days_after,
        cutoffs.horizon_days
    from cutoffs
    inner join numbered on numbered.first_on < cutoffs.cutoff_on
    where {{ days_between('cutoffs.cutoff_on', 'numbered.purchase_on') }} < cutoffs.horizon_days

)

select
    cutoff_on,
    customer_id,
    cast(count(case when days_after < 0 then 1 end) - 1 as bigint) as repeats,
    {{ days_between('min(first_on)', 'max(case when days_after < 0 then purchase_on end)') }} as last_repeat_days,
    {{ days_between('min(first_on)', 'cutoff_on') }} as observed_days,
    cast(count(case when days_after < 0 and purchase_on > first_on then net_cny end) as bigint) as valued_repeats,
    cast(coalesce(sum(case when days_after < 0 and purchase_on > first_on then net_cny end), 0) as decimal(18, 2)) as repeat_cny,
    cast(count(case when days_after < 0 and days_after >= -horizon_days then 1 end) as bigint) as last_period_orders,
    cast(coalesce(sum(case when days_after < 0 and days_after >= -horizon_days then net_cny end), 0) as decimal(18, 2)) as last_period_cny,
    cast(count(case when days_after >= 0 then 1 end) as bigint) as next_period_orders,
    cast(coalesce(sum(case when days_after >= 0 then net_cny end), 0) as decimal(18, 2)) as next_period_cny,
    cast(count(case when purchase_on > first_on and days_after >= -365 and days_after < horizon_days - 365 then 1 end) as bigint)
        as last_year_orders,
    cast(coalesce(sum(case when purchase_on > first_on and days_after >= -365 and days_after < horizon_days - 365 then net_cny end), 0)
        as decimal(18, 2)) as last_year_cny
from placed
group by cutoff_on, customer_id
