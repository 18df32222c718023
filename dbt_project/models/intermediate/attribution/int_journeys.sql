-- The ways of customers, step by step: those that ended in an order, those that ended without one, those still open.
-- Ways without an order can only be seen where persons are known. A pause longer than the lookback ends a way; touches
-- between a presale's deposit and its balance belong to none.
with as_of as (

    select max(as_of_on) as as_of_on from {{ source('lake', 'context') }}

),

separated as (

    select
        touches.*,
        case
            when {{ seconds_between('lag(touched_at) over (partition by customer_id, next_cut_at order by touched_at, touch_key)', 'touched_at') }}
                <= {{ var('lookback_days') }} * 86400 then 0
            else 1
        end as starts_journey
    from {{ ref('int_touches__assigned') }} as touches
    where not is_balance_reminder

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
        max(touched_at) over (partition by customer_id, next_cut_at, journey_number) as last_touched_at,
        max(case when conversion_key is not null then 1 else 0 end) over (partition by customer_id, next_cut_at, journey_number) as has_converted
    from numbered

),

steps as (

    select
        'converted' as outcome, conversion_key as journey_key, customer_id, touch_key, touched_at, channel, evidence
    from {{ ref('int_paths') }}
    group by 1, 2, 3, 4, 5, 6, 7
    union all
    select
        case when {{ days_between('last_touched_at', 'as_of.as_of_on') }} > {{ var('lookback_days') }} then 'lost' else 'open' end,
        journey_key, customer_id, touch_key, touched_at, channel, evidence
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
    evidence
from steps
