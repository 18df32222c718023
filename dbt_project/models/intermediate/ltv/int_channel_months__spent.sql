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

    select on_date, channel, is_spend_complete, are_orders_complete from {{ ref('int_channel_days__covered') }}

),

-- a blend is judged by the channels that ever cost anything: what it holds is said even where a file is missing, and flagged
costly_days as (

    select * from days where channel in (select channel from costs)

),

covered as (

    select
        cast({{ dbt.date_trunc('month', 'on_date') }} as date) as month, channel,
        min(case when is_spend_complete then 1 else 0 end) = 1 as is_spend_complete,
        min(case when is_spend_complete and are_orders_complete then 1 else 0 end) = 1 as is_complete
    from days
    group by 1, 2
    union all
    select
        cast({{ dbt.date_trunc('month', 'on_date') }} as date), channel,
        true,
        min(case when is_spend_complete and are_orders_complete then 1 else 0 end) = 1
    from {{ at_every_level('costly_days', ['on_date', 'is_spend_complete', 'are_orders_complete']) }} as levels
    where channel = 'all' or channel like 'all:%'
    group by 1, 2

)

select
    coalesce(spent.month, covered.month) as month,
    coalesce(spent.channel, covered.channel) as channel,
    spent.channel is not null as has_rows,
    case when spent.channel is not null or covered.is_spend_complete then coalesce(spent.spend_cny, 0) end as spend_cny,
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
