-- The three failings of a brand that only fishes in the river: no data (无数据), no reach (无触达), no stickiness (无粘性).
with months as (

    select distinct month, end_on from {{ ref('int_pool_months') }}

),

sales as (

    select
        conversions.order_key, conversions.customer_id, conversions.paid_on, conversions.converted_at, conversions.receivable_cny,
        cast({{ dbt.date_trunc('month', 'conversions.paid_on') }} as date) as month,
        coalesce(orders.entry_channel, orders.platform) as channel
    from {{ ref('int_conversions') }} as conversions
    inner join {{ ref('int_orders') }} as orders on conversions.order_key = orders.order_key

),

no_data as (

    select
        month, channel, count(*) as orders, sum(case when customer_id is null then 1 else 0 end) as unknown_orders,
        sum(receivable_cny) as paid_cny, sum(case when customer_id is null then receivable_cny else 0 end) as unknown_cny
    from (select month, channel, customer_id, receivable_cny from sales union all select month, 'all', customer_id, receivable_cny from sales) as levels
    group by 1, 2

),

reachable as (

    select month, channel, holder from {{ ref('int_pool_months') }} where is_reachable

),

-- buyers of the 365 days up to the month's end, where they bought last
buyers as (

    select
        months.month, sales.customer_id, sales.channel,
        row_number() over (partition by months.month, sales.customer_id order by sales.converted_at desc, sales.order_key) as place
    from months
    inner join sales
        on sales.customer_id is not null and sales.paid_on <= months.end_on
        and sales.paid_on > {{ days_before('months.end_on', var('core_window_days')) }}

),

-- people in the pond whom no order was ever matched to: each may be a buyer whose order names nobody
strangers as (

    select persons.month, count(*) as strangers
    from (select distinct month, holder from reachable) as persons
    left join (select distinct customer_id from sales where customer_id is not null) as known on persons.holder = known.customer_id
    where known.customer_id is null
    group by 1

),

no_reach as (

    select levels.month, levels.channel, count(*) as buyers, sum(case when persons.holder is null then 1 else 0 end) as unreached
    from (
        select month, channel, customer_id from buyers where place = 1
        union all
        select month, 'all', customer_id from buyers where place = 1
    ) as levels
    left join (select distinct month, holder from reachable) as persons on levels.month = persons.month and levels.customer_id = persons.holder
    group by 1, 2

),

acts as (

    select customer_id, cast(touched_at as date) as on_date from {{ ref('int_touches') }} where customer_id is not null and is_eligible
    union all
    select customer_id, paid_on from sales where customer_id is not null

),

lively as (

    select distinct months.month, acts.customer_id
    from months
    inner join acts
        on acts.on_date <= months.end_on and acts.on_date > {{ days_before('months.end_on', var('sticky_within_days')) }}

),

no_stickiness as (

    select
        levels.month, levels.channel, count(*) as persons,
        sum(case when lively.customer_id is null then 1 else 0 end) as silent,
        sum(case when lively.customer_id is null and known.customer_id is not null then 1 else 0 end) as silent_buyers
    from (select month, channel, holder from reachable union select month, 'all', holder from reachable) as levels
    left join lively on levels.month = lively.month and levels.holder = lively.customer_id
    left join (select distinct customer_id from sales where customer_id is not null) as known on levels.holder = known.customer_id
    group by 1, 2

),

scored as (

    select month, channel, 'no_data_orders' as metric, cast(unknown_orders as double) as numerator, cast(orders as double) as denominator,
        cast(null as double) as low_count, cast(null as double) as high_count
    from no_data
    union all
    select month, channel, 'no_data_revenue', cast(unknown_cny as double), cast(paid_cny as double), null, null from no_data
    union all
    select no_reach.month, no_reach.channel, 'no_reach_buyers', cast(unreached as double), cast(buyers as double),
        cast(greatest(unreached - coalesce(strangers.strangers, 0), 0) as double), cast(unreached as double)
    from no_reach
    left join strangers on no_reach.month = strangers.month
    union all
    select month, channel, 'no_stickiness_contacts', cast(silent as double), cast(persons as double), cast(silent_buyers as double), cast(silent as double)
    from no_stickiness

)

select
    -- the row
    month,
    cast(channel as string) as channel,
    metric,
    -- what it is made of
    cast(numerator as decimal(28, 8)) as numerator,
    cast(denominator as decimal(28, 8)) as denominator,
    -- what it says
    cast(round(numerator / denominator, 8) as decimal(9, 8)) as value,
    cast(round(low_count / denominator, 8) as decimal(9, 8)) as low,
    cast(round(high_count / denominator, 8) as decimal(9, 8)) as high
from scored
where denominator > 0
