-- Influence of the brand's own voice by private channel and month: who begins to talk, how much is answered, what is bought after.
with reachable as (

    select month, channel, count(*) as persons from {{ ref('int_pool_months') }} where is_reachable group by 1, 2
    union all
    select month, 'all', count(distinct holder) from {{ ref('int_pool_months') }} where is_reachable group by 1

),

-- an add through a code belongs to the channel that holds the person then, not to the card that carried the code
counted as (

    select month, coalesce(held_in, channel) as channel, count(*) as interactions, sum(case when is_opening then 1 else 0 end) as openings
    from {{ ref('int_interactions') }}
    group by 1, 2
    union all
    select month, 'all', count(*), sum(case when is_opening then 1 else 0 end)
    from {{ ref('int_interactions') }}
    group by 1

),

followed as (

    select month, channel, count(*) as orders, sum(net_revenue_cny) as net_revenue_cny
    from (
        select distinct month, coalesce(held_in, channel) as channel, order_key, net_revenue_cny from {{ ref('int_interactions__followed') }}
        union all
        select distinct month, 'all', order_key, net_revenue_cny from {{ ref('int_interactions__followed') }}
    ) as once
    group by 1, 2

)

select
    counted.month, counted.channel, 'customer_opened_chats' as metric,
    cast(counted.openings as double) as numerator, cast(null as double) as denominator, cast(counted.openings as double) as value,
    cast(null as double) as low, cast(null as double) as high
from counted
union all
select
    counted.month, counted.channel, 'interactions_per_1000', cast(counted.interactions as double), cast(reachable.persons as double),
    1000 * cast(counted.interactions as double) / reachable.persons, null, null
from counted
inner join reachable on counted.month = reachable.month and counted.channel = reachable.channel
union all
select month, channel, 'revenue_after_interaction_cny', cast(net_revenue_cny as double), cast(orders as double), cast(net_revenue_cny as double), null, null
from followed
