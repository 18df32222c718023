-- What each channel cost in a month, what kinds of cost that holds, and whether its files are all there. A month without
-- a cost row costs nothing only if the files that would name the channel have come. Channel `all` joins all costs.
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
    from (select * from costs union all select on_date, 'all' as channel, cost_type, cost_cny from costs) as both_levels
    group by 1, 2

),

covered as (

    select
        cast({{ dbt.date_trunc('month', 'on_date') }} as date) as month, channel,
        min(case when is_spend_complete then 1 else 0 end) = 1 as is_spend_complete,
        min(case when is_spend_complete and are_orders_complete then 1 else 0 end) = 1 as is_complete
    from {{ ref('int_channel_days__covered') }}
    group by 1, 2
    union all
    select
        cast({{ dbt.date_trunc('month', 'on_date') }} as date), 'all',
        true,
        min(case when is_spend_complete and are_orders_complete then 1 else 0 end) = 1
    from {{ ref('int_channel_days__covered') }}
    where channel in (select channel from costs)
    group by 1

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
