-- What each channel cost in a month, what kinds of cost that holds, and whether its files are all there. A month without
-- a cost row costs nothing only if the files that would name the channel have come. `all` joins all costs, `all:<domain>` those of a domain.
with costs as (

    select on_date, coalesce(channel, 'unknown') as channel, cost_type, cost_cny
    from {{ ref('int_spend') }}
    where is_total_level

),

spent as (

    select
        cast({{ dbt.date_trunc('month', 'on_date') }} as date) as month, channel,
        sum(cost_cny) as spend_cny,
        max(case when cost_type = 'media' then 1 else 0 end) as has_media,
        max(case when cost_type <> 'media' then 1 else 0 end) as has_other
    from {{ at_every_level('costs', ['on_date', 'cost_type', 'cost_cny']) }} as levels
    group by 1, 2

),

days as (

    select
        on_date, channel, is_spend_complete, are_orders_complete,
        channel in (select channel from costs) as is_costly
    from {{ ref('int_channel_days__covered') }}

),

-- a blend is judged by the channels that ever cost anything: what they cost is said even where a file is missing, and flagged
covered as (

    select
        cast({{ dbt.date_trunc('month', 'on_date') }} as date) as month, channel,
        min(case when is_spend_complete then 1 else 0 end) = 1
            or (channel like 'all%' and max(case when is_costly then 1 else 0 end) = 1) as is_spend_complete,
        coalesce(
            min(case when (is_costly or channel not like 'all%') then case when is_spend_complete and are_orders_complete then 1 else 0 end end),
            min(case when is_spend_complete and are_orders_complete then 1 else 0 end)
        ) = 1 as is_complete
    from {{ at_every_level('days', ['on_date', 'is_spend_complete', 'are_orders_complete', 'is_costly']) }} as levels
    group by 1, 2

)

select
    coalesce(spent.month, covered.month) as month,
    coalesce(spent.channel, covered.channel) as channel,
    spent.channel is not null as has_rows,
    case when spent.channel is not null or covered.is_spend_complete then cast(coalesce(spent.spend_cny, 0) as decimal(18, 2)) end as spend_cny,
    case
        when spent.channel is null and covered.is_spend_complete then 'no_cost'
        when spent.channel is null then 'cost_unknown'
        when spent.has_other = 0 then 'media_only'
        when spent.has_media = 0 then 'without_media'
        else 'media_and_other'
    end as cost_completeness,
    coalesce(covered.is_complete, false) as is_complete
from spent
full outer join covered on spent.month = covered.month and spent.channel = covered.channel
