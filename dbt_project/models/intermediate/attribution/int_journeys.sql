-- The ways of customers, step by step: those that ended in an order, those that ended without one, those still open.
-- Ways without an order can only be seen where persons are known. A way ends when none of its touches can lead to an order; touches
-- between a presale's deposit and its balance, and the session that bought, belong to none.
with as_of as (

    select max(as_of_on) as as_of_on from {{ source('lake', 'context') }}

),

separated as (

    select
        customer_id, touch_key, touched_at, channel, evidence, conversion_key, next_cut_at, expires_at,
        case
            when touched_at <= max(expires_at) over (
                partition by customer_id, next_cut_at order by touched_at, touch_key rows between unbounded preceding and 1 preceding
            ) then 0
            else 1
        end as starts_journey
    from {{ ref('int_touches__assigned') }}
    where not is_balance_reminder and not is_buying_session

),

numbered as (

    select
        separated.*,
        sum(starts_journey) over (
            partition by customer_id, next_cut_at order by touched_at, touch_key rows between unbounded preceding and current row
        ) as journey_number
    from separated

),

judged as (

    select
        numbered.*,
        min(touch_key) over (partition by customer_id, next_cut_at, journey_number) as journey_key,
        max(expires_at) over (partition by customer_id, next_cut_at, journey_number) as journey_expires_at,
        max(case when conversion_key is not null then 1 else 0 end) over (partition by customer_id, next_cut_at, journey_number) as has_converted
    from numbered

),

steps as (

    select
        'converted' as outcome, conversion_key as journey_key, customer_id, touch_key, touched_at, channel, evidence,
        cast(null as timestamp) as expires_at
    from {{ ref('int_paths') }}
    group by 1, 2, 3, 4, 5, 6, 7
    union all
    select
        case when cast(journey_expires_at as date) < as_of.as_of_on then 'lost' else 'open' end,
        journey_key, customer_id, touch_key, touched_at, channel, evidence, journey_expires_at
    from judged
    cross join as_of
    where has_converted = 0

)

select
    outcome,
    journey_key,
    customer_id,
    cast(row_number() over (partition by outcome, journey_key order by touched_at, touch_key) as bigint) as step,
    touch_key,
    touched_at,
    channel,
    evidence,
    expires_at
from steps
