-- How the value of a channel moved in a month, in cents: who was not there at the end of the month before (added), who is not
-- there any more (lost), and what those who stayed became worth (revalued). Channel `all` looks at persons: who changes the
-- channel neither comes nor goes there.
{{ config(materialized='ephemeral') }}
with pairs as (

    select these.month, these.kind, these.reach, earlier.month as then_month, earlier.kind as then_kind, earlier.reach as then_reach, count(*) as persons
    from {{ ref('int_pool_values__placed') }} as these
    left join {{ ref('int_pool_values__placed') }} as earlier
        on these.holder = earlier.holder and earlier.month = cast(these.month - interval '1' month as date)
    group by 1, 2, 3, 4, 5, 6

),

known as (

    select month, kind, value_cents from {{ ref('int_pool_values') }} where horizon_days = 365 and is_known

),

worth as (

    select pairs.month, pairs.reach, pairs.then_reach, pairs.persons, these.value_cents as now_cents, earlier.value_cents as then_cents
    from pairs
    inner join known as these on pairs.month = these.month and pairs.kind = these.kind
    left join known as earlier on pairs.then_month = earlier.month and pairs.then_kind = earlier.kind

),

shared as (

    select
        worth.month, these.channel, worth.persons,
        {{ even_share('worth.now_cents', 'these.channels', 'these.place') }} as now_cents,
        case when earlier.reach is not null then {{ even_share('worth.then_cents', 'earlier.channels', 'earlier.place') }} end as then_cents
    from worth
    inner join {{ ref('int_pool_reaches') }} as these on worth.reach = these.reach
    left join {{ ref('int_pool_reaches') }} as earlier on worth.then_reach = earlier.reach and these.channel = earlier.channel
    union all
    select month, 'all', persons, now_cents, then_cents
    from worth

),

summed as (

    select
        month, channel,
        sum(persons * now_cents) as closing_cents,
        sum(case when then_cents is null then persons * now_cents else 0 end) as added_cents,
        sum(case when then_cents is not null then persons * (now_cents - then_cents) else 0 end) as revalued_cents,
        sum(persons * coalesce(then_cents, 0)) as stayed_cents
    from shared
    group by 1, 2

),

-- what stood at the end of a month opens the next one, whether or not anybody is left in it
ends as (

    select month, channel, 0 as opening_cents, added_cents, revalued_cents, stayed_cents, closing_cents from summed
    union all
    select cast(month + interval '1' month as date), channel, closing_cents, 0, 0, 0, 0 from summed

)

select
    month, channel,
    cast(sum(opening_cents) as bigint) as opening_cents,
    cast(sum(added_cents) as bigint) as added_cents,
    cast(sum(revalued_cents) as bigint) as revalued_cents,
    cast(sum(opening_cents) - sum(stayed_cents) as bigint) as lost_cents,
    cast(sum(closing_cents) as bigint) as closing_cents
from ends
group by 1, 2
