-- How the value of a channel moved in a month, in cents: who was not there at the end of the month before (added), who is not
-- there any more (lost), and what those who stayed became worth (revalued). Channel `all` looks at persons: who changes the
-- channel neither comes nor goes there.
{{ config(materialized='ephemeral') }}
with ends as (

    select month, channel, holder, cents as now_cents, 0 as then_cents, 1 as is_now, 0 as was_then
    from {{ ref('int_pool_values__shared') }}
    where horizon_days = 365 and measure = 'value'
    union all
    select cast(month + interval '1' month as date), channel, holder, 0, cents, 0, 1
    from {{ ref('int_pool_values__shared') }}
    where horizon_days = 365 and measure = 'value'

),

moves as (

    select
        month, channel, holder, sum(now_cents) as now_cents, sum(then_cents) as then_cents, max(is_now) as is_now, max(was_then) as was_then
    from ends
    group by 1, 2, 3

)

select
    month, channel,
    cast(sum(then_cents) as bigint) as opening_cents,
    cast(sum(case when was_then = 0 then now_cents else 0 end) as bigint) as added_cents,
    cast(sum(case when was_then = 1 and is_now = 1 then now_cents - then_cents else 0 end) as bigint) as revalued_cents,
    cast(sum(case when is_now = 0 then then_cents else 0 end) as bigint) as lost_cents,
    cast(sum(now_cents) as bigint) as closing_cents
from moves
group by 1, 2
