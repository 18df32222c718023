-- Whether a channel's figures of a day can be whole: all order files of the day are there, and the cost files that ever
-- named this channel are there. A paid channel that no cost file ever named has an unknown cost, not none.
with channels as (

    select channel, kind from {{ ref('channels') }}
    union
    select channel, null from {{ ref('int_spend') }} where channel not in (select channel from {{ ref('channels') }})
    union
    select channel, null from {{ ref('int_touches') }} where channel not in (select channel from {{ ref('channels') }})
    union
    select channel, 'none' from (select 'no_touch' as channel union all select 'unidentified' union all select 'pending') as truths

),

spend_exports as (

    select distinct
        channel,
        split_part(spend_key, '|', 1) as export_id
    from {{ ref('int_spend') }}

),

days as (

    select
        on_date,
        max(case when (',' || feeds || ',') like '%,orders,%' and not is_arrived then 1 else 0 end) = 0 as are_orders_complete
    from {{ ref('int_coverage') }}
    group by 1

),

spend_days as (

    select
        spend_exports.channel,
        coverage.on_date,
        min(case when coverage.is_arrived then 1 else 0 end) = 1 as is_arrived,
        count(distinct coverage.source || '/' || coverage.export) as exports
    from {{ ref('int_coverage') }} as coverage
    inner join spend_exports on coverage.source || '/' || coverage.export = spend_exports.export_id
    group by 1, 2

),

spend_channels as (

    select channel, count(*) as exports from spend_exports group by 1

)

select
    days.on_date,
    channels.channel,
    days.are_orders_complete,
    case
        when spend_channels.channel is null then coalesce(channels.kind, 'paid') <> 'paid'
        else coalesce(spend_days.is_arrived and spend_days.exports = spend_channels.exports, false)
    end as is_spend_complete
from days
cross join channels
left join spend_channels on channels.channel = spend_channels.channel
left join spend_days on channels.channel = spend_days.channel and days.on_date = spend_days.on_date
