-- How often each way was gone, and how it ended: all that removal effects and Shapley values need.
-- Two strata, never mixed: `person` holds what is seen of known people, also when nothing came of it; `order` holds what an
-- order says of itself, which is never seen without an order. A channel several times running is one step: in a Markov
-- chain that changes no removal effect.
with fit as (

    select fit_until from {{ ref('int_fit_window') }}

),

conversions as (

    select
        conversion_key,
        min(converted_at) as converted_at,
        sum(net_revenue_cny) as net_revenue_cny
    from {{ ref('int_conversions') }}
    group by 1

),

journeys as (

    {% for observability in ['person', 'order'] %}
    select '{{ observability }}' as observability, outcome, journey_key, expires_at, {{ observability }}_path as path
    from {{ ref('int_journeys__told') }}
    where outcome <> 'open' and {{ observability }}_path is not null
    {{- '\n    union all' if not loop.last }}
    {% endfor %}

)

select
    journeys.observability,
    journeys.path,
    cast(count(conversions.conversion_key) as bigint) as conversions,
    cast(count(case when journeys.outcome = 'lost' then 1 end) as bigint) as nulls,
    cast(sum(conversions.net_revenue_cny) as decimal(18, 2)) as net_revenue_cny
from journeys
cross join fit
left join conversions on journeys.journey_key = conversions.conversion_key and journeys.outcome = 'converted'
where
    (journeys.outcome = 'converted' and conversions.converted_at < cast(fit.fit_until as timestamp))
    or (journeys.outcome = 'lost' and cast(journeys.expires_at as date) < fit.fit_until)
group by 1, 2
order by 1, 2
