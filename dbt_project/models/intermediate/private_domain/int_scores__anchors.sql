-- Influence of each anchor by month: who acts in the live rooms per thousand viewers (comments, new followers and club members), and
-- what was bought there. An order belongs to the room that earned it, else to the creator whose live room its own row names.
with rooms as (

    select platform, min(channel) as channel from {{ ref('channels') }} where channel like '%_live' group by 1

),

watched as (

    select
        cast({{ dbt.date_trunc('month', 'figures.on_date') }} as date) as month, rooms.channel, figures.object_id as ip_id,
        sum(case when figures.metric in ('comments', 'live_club_joined', 'shopping_club_joined', 'new_fans') then figures.value end) as interactions,
        sum(case when figures.metric = 'viewers' then figures.value end) as persons
    from {{ ref('int_metrics') }} as figures
    inner join rooms on figures.platform = rooms.platform
    where figures.object_type = 'live_session' and figures.object_id is not null
    group by 1, 2, 3

),

sold as (

    select
        cast({{ dbt.date_trunc('month', 'conversions.paid_on') }} as date) as month,
        case when sessions.anchor_id is not null then rooms.channel else orders.traffic_channel end as channel,
        coalesce(sessions.anchor_id, orders.traffic_creator) as ip_id,
        conversions.net_revenue_cny
    from {{ ref('int_conversions') }} as conversions
    inner join {{ ref('int_orders') }} as orders on conversions.order_key = orders.order_key
    left join {{ ref('int_sales__live') }} as earned on conversions.order_key = earned.order_key
    left join {{ ref('int_live_sessions') }} as sessions on earned.session_key = sessions.session_key
    left join rooms on sessions.platform = rooms.platform
    where sessions.anchor_id is not null or orders.traffic_type = 'live_view' and orders.traffic_creator is not null

)

select
    month, channel, ip_id, 'interactions_per_1000' as metric, cast(interactions as double) as numerator, cast(persons as double) as denominator,
    1000 * cast(interactions as double) / nullif(cast(persons as double), 0) as value
from watched
union all
select
    month, channel, ip_id, 'revenue_after_interaction_cny', cast(sum(net_revenue_cny) as double), cast(count(*) as double), cast(sum(net_revenue_cny) as double)
from sold
group by month, channel, ip_id
