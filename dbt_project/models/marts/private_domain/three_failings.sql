-- The three failings of a brand that only fishes in the river: no data (无数据), no reach (无触达), no stickiness (无粘性).
with no_data as (

    select
        cast({{ dbt.date_trunc('month', 'paid_on') }} as date) as month, coalesce(entry_channel, platform) as channel,
        count(*) as orders, sum(case when customer_id is null then 1 else 0 end) as unknown_orders,
        sum(receivable_cny) as paid_cny, sum(case when customer_id is null then receivable_cny else 0 end) as unknown_cny
    from {{ ref('int_conversions') }}
    group by 1, 2

),

no_reach as (

    select buyers.month, buyers.channel, count(*) as buyers, sum(case when persons.reach > 0 then 0 else 1 end) as unreached
    from {{ ref('int_buyers__placed') }} as buyers
    left join {{ ref('int_pool_persons') }} as persons on buyers.month = persons.month and buyers.customer_id = persons.holder
    group by 1, 2

),

-- people in the pond whom no order was ever matched to: each may be a buyer whose order names nobody
strangers as (

    select month, sum(persons) as strangers from {{ ref('int_pool_persons__silent') }} where not is_buyer group by 1

),

no_stickiness as (

    select
        held.month, reaches.channel, sum(held.persons) as persons,
        sum(case when held.is_silent then held.persons else 0 end) as silent,
        sum(case when held.is_silent and held.is_buyer then held.persons else 0 end) as silent_buyers
    from {{ ref('int_pool_persons__silent') }} as held
    inner join (
        select reach, channel from {{ ref('int_pool_reaches') }} union all select distinct reach, 'all' from {{ ref('int_pool_reaches') }}
    ) as reaches on held.reach = reaches.reach
    group by 1, 2

),

no_data_shown as (

    select * from no_data
    union all
    select month, 'all', sum(orders), sum(unknown_orders), sum(paid_cny), sum(unknown_cny) from no_data group by 1, 2

),

no_reach_shown as (

    select * from no_reach
    union all
    select month, 'all', sum(buyers), sum(unreached) from no_reach group by 1, 2

),

scored as (

    select month, channel, 'no_data_orders' as metric, cast(unknown_orders as double) as numerator, cast(orders as double) as denominator,
        cast(null as double) as low_count, cast(null as double) as high_count
    from no_data_shown
    union all
    select month, channel, 'no_data_revenue', cast(unknown_cny as double), cast(paid_cny as double), null, null from no_data_shown
    union all
    select no_reach.month, no_reach.channel, 'no_reach_buyers', cast(unreached as double), cast(buyers as double),
        cast(greatest(unreached - coalesce(strangers.strangers, 0), 0) as double), cast(unreached as double)
    from no_reach_shown as no_reach
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
