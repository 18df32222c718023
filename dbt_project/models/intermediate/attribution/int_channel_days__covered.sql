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

months as (

    select distinct split_part(spend_key, '|', 1) as export_id, cast({{ dbt.date_trunc('month', 'on_date') }} as date) as month
    from {{ ref('int_spend') }}
    where split_part(spend_key, '|', 1) in ({{ monthly_cost_exports() }})

),

days as (

    select
        on_date,
        max(case when (',' || feeds || ',') like '%,orders,%' and not is_arrived then 1 else 0 end) = 0 as are_orders_complete
    from {{ ref('int_coverage') }}
    group by 1

),

-- a list that comes once a month covers the days of every month it tells of; any other export the days on which it arrived
spend_days as (

    select channel, on_date, min(is_arrived) = 1 as is_arrived, count(distinct export_id) as exports
    from (
        select spend_exports.channel, coverage.on_date, spend_exports.export_id, case when coverage.is_arrived then 1 else 0 end as is_arrived
        from {{ ref('int_coverage') }} as coverage
        inner join spend_exports on coverage.source || '/' || coverage.export = spend_exports.export_id
        where spend_exports.export_id not in ({{ monthly_cost_exports() }})
        union all
        select spend_exports.channel, days.on_date, spend_exports.export_id, 1
        from spend_exports
        inner join months on spend_exports.export_id = months.export_id
        inner join days on cast({{ dbt.date_trunc('month', 'days.on_date') }} as date) = months.month
    ) as told
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
