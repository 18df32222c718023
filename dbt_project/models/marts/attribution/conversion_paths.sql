-- Which ways customers come, and which ways end without an order. Converting ways are the ledger's paths, so their money
-- adds up to all net revenue; ways that led nowhere can only be seen where persons are known.
with conversions as (

    select
        conversion_key,
        max(case when customer_id is not null then 1 else 0 end) = 1 as is_identified,
        max(case when traffic_pending then 1 else 0 end) = 1 as is_pending,
        count(*) as orders,
        sum(net_revenue_cny) as net_revenue_cny
    from {{ ref('int_conversions') }}
    group by 1

),

-- the same channel several times running is shown once
changed as (

    select
        outcome, journey_key, step, channel,
        lag(channel) over (partition by outcome, journey_key order by step) as previous_channel
    from {{ ref('int_journeys') }}

),

placed as (

    select
        changed.*,
        row_number() over (partition by outcome, journey_key order by step) as place,
        count(*) over (partition by outcome, journey_key) as places
    from changed
    where previous_channel is null or previous_channel <> channel

),

journeys as (

    select
        outcome,
        journey_key,
        cast(max(places) as bigint) as length,
        case when max(places) > {{ var('path_shown_steps') }} then '… > ' else '' end || {{ joined_in_order('channel', 'place', ' > ') }} as path
    from placed
    where places - place < {{ var('path_shown_steps') }}
    group by 1, 2

),

outcomes as (

    select
        coalesce(journeys.path, case when is_pending then 'pending' when is_identified then 'no_touch' else 'unidentified' end) as path,
        coalesce(journeys.length, 0) as length,
        case when journeys.path is null then 'none' when is_identified then 'person' else 'order' end as observability,
        1 as conversions, orders, net_revenue_cny, 0 as non_conversions, 0 as open_journeys
    from conversions
    left join journeys on conversions.conversion_key = journeys.journey_key and journeys.outcome = 'converted'
    union all
    select
        path, length, 'person', 0, 0, cast(null as decimal(18, 2)),
        case when outcome = 'lost' then 1 else 0 end, case when outcome = 'open' then 1 else 0 end
    from journeys
    where outcome <> 'converted'

)

select
    path,
    observability,
    cast(max(length) as bigint) as length,
    cast(sum(conversions) as bigint) as conversions,
    cast(sum(orders) as bigint) as orders,
    cast(sum(net_revenue_cny) as decimal(18, 2)) as revenue_cny,
    cast(sum(non_conversions) as bigint) as non_conversions,
    cast(sum(open_journeys) as bigint) as open_journeys
from outcomes
group by 1, 2
