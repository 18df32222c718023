-- Money spent on channels, media and everything else (slots, samples, staff, tools), with what the platforms claim for it.
-- Only rows with is_total_level add up; the others repeat the same money at a finer level. What a report's total holds and its rows do not is a row.
select
    spend_key, on_date, channel, account, campaign, content, cost_type, cost_cny, impressions, clicks,
    platform_conversions, platform_revenue_cny, coalesce(is_total_level, true) as is_total_level,
    creator_id, creator_name
from {{ ref('int_spend__unioned') }}
union all
select
    spend_key, on_date, channel, account, cast(null as string), cast(null as string), 'media', cost_cny, cast(null as bigint), cast(null as bigint),
    cast(null as decimal(18,8)), cast(null as decimal(18,2)), true,
    cast(null as string), cast(null as string)
from {{ ref('int_spend__surplus') }}
union all
select
    cost_key, on_date, channel, account, campaign, content, cost_type, cost_cny, cast(null as bigint), cast(null as bigint),
    cast(null as decimal(18,8)), cast(null as decimal(18,2)), true,
    cast(null as string), creator_name
from {{ union_feeds('channel_costs') }} as costs
