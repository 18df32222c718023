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

outcomes as (

    select
        coalesce(journeys.path, case when is_pending then 'pending' when is_identified then 'no_touch' else 'unidentified' end) as path,
        coalesce(journeys.length, 0) as length,
        case when journeys.path is null then 'none' when is_identified then 'person' else 'order' end as observability,
        1 as conversions, orders, net_revenue_cny, 0 as non_conversions, 0 as open_journeys
    from conversions
    left join {{ ref('int_journeys__told') }} as journeys on conversions.conversion_key = journeys.journey_key and journeys.outcome = 'converted'
    union all
    select
        path, length, 'person', 0, 0, cast(null as decimal(18, 2)),
        case when outcome = 'lost' then 1 else 0 end, case when outcome = 'open' then 1 else 0 end
    from {{ ref('int_journeys__told') }}
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
