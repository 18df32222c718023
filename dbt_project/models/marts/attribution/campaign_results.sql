-- What came of what the brand sent, published and celebrated: sends, articles, member days. Orders are those of the people meant,
-- not credit; how many of them would have come anyway only a hold-out can say, so without a real one there is no lift.
with as_of as (

    select max(as_of_on) as as_of_on from {{ source('lake', 'context') }}

),

people as (

    select
        campaign_kind, channel, campaign,
        min(cast(starts_at as date)) as started_on,
        max(cast(starts_at as date)) as ended_on,
        count(case when outcome <> 'held_out' then 1 end) as meant,
        count(case when outcome = 'reached' then 1 end) as reached,
        count(case when outcome = 'failed' then 1 end) as failed,
        count(responded_at) as responded,
        count(case when outcome = 'reached' then customer_id end) as known,
        count(case when outcome = 'reached' then 1 end) > 0 and count(case when outcome = 'reached' then customer_id end) = 0 as is_unknown,
        count(case when outcome = 'reached' and orders_7d > 0 then 1 end) as buyers,
        sum(case when outcome = 'reached' then orders_7d else 0 end) as orders,
        sum(case when outcome = 'reached' then net_revenue_7d_cny end) as net_revenue_cny,
        count(case when outcome = 'reached' and has_left_48h then 1 end) as exits,
        count(case when outcome = 'held_out' then customer_id end) as held_out,
        count(case when outcome = 'held_out' and orders_7d > 0 then 1 end) as held_out_buyers,
        sum(cost_cny) as touch_cost_cny
    from {{ ref('int_campaigns__reached') }}
    group by 1, 2, 3

),

results as (

    select
        campaign_kind, channel, '' as account, campaign, cast(null as string) as title, started_on, ended_on,
        meant as audience,
        case when campaign_kind = 'send' then reached end as sent,
        case when campaign_kind = 'send' then failed end as failed,
        -- a channel that never tells of an answer did not stay without one
        case when sum(responded) over (partition by campaign_kind, channel) > 0 then responded end as responded,
        known,
        -- where nobody of those reached is known (a group is sent to, not its members), what they did is unknown too
        case when not is_unknown then buyers end as buyers,
        case when not is_unknown then orders end as orders,
        case when not is_unknown then coalesce(net_revenue_cny, 0) end as net_revenue_cny,
        case when not is_unknown then exits end as exits,
        held_out, held_out_buyers, touch_cost_cny
    from people
    union all
    select
        'article', channel, account, campaign, title, started_on, started_on,
        reached, reached, null, responded,
        0, null, null, null, exits, 0, 0, null
    from {{ ref('int_articles__read') }}

),

spent as (

    select channel, campaign, sum(cost_cny) as cost_cny
    from {{ ref('int_spend') }}
    where is_total_level and campaign is not null
    group by 1, 2

),

costed as (

    select
        results.*,
        {{ days_between('results.ended_on', 'as_of.as_of_on') }} > 7 as is_mature,
        coalesce(spent.cost_cny, results.touch_cost_cny, results.sent * channels.unit_cost_cny) as cost_cny,
        case
            when spent.cost_cny is not null then 'spend'
            when results.touch_cost_cny is not null then 'messages'
            when results.sent * channels.unit_cost_cny is not null then 'unit_cost'
        end as cost_basis,
        channels.domain,
        case
            when campaign_kind = 'article' or buyers is null then 'not_observable'
            when held_out = 0 then 'no_holdout'
            when held_out < {{ var('min_holdout_people') }} or known < {{ var('min_holdout_people') }} then 'holdout_too_small'
            when {{ days_between('results.ended_on', 'as_of.as_of_on') }} <= 7 then 'not_mature'
        end as why_null
    from results
    cross join as_of
    left join spent on results.channel = spent.channel and results.campaign = spent.campaign
    left join {{ ref('channels') }} as channels on results.channel = channels.channel

)

select
    -- the campaign
    campaign_kind,
    channel,
    account,
    campaign,
    title,
    domain,
    started_on,
    ended_on,
    -- whom it met
    cast(audience as bigint) as audience,
    cast(sent as bigint) as sent,
    cast(failed as bigint) as failed,
    cast(responded as bigint) as responded,
    {{ ratio('responded', 'coalesce(sent, audience)') }} as response_rate,
    -- what they did
    cast(buyers as bigint) as buyers_7d,
    cast(orders as bigint) as orders_7d,
    cast(net_revenue_cny as decimal(18, 2)) as net_revenue_7d_cny,
    cast(exits as bigint) as exits_48h,
    {{ ratio('exits', 'coalesce(sent, audience)') }} as exit_rate_48h,
    -- what it cost
    cast(cost_cny as decimal(18, 2)) as cost_cny,
    cost_basis,
    -- what it changed: the difference of two shares of buyers, interval by Newcombe 1998 (method 10)
    cast(held_out as bigint) as holdout,
    cast(held_out_buyers as bigint) as holdout_buyers_7d,
    case when why_null is null then cast(
        cast(buyers as double) / nullif(known, 0) - cast(held_out_buyers as double) / nullif(held_out, 0) as decimal(18, 8)) end as lift_rate,
    case when why_null is null then cast({{ newcombe('buyers', 'known', 'held_out_buyers', 'held_out', 'low') }} as decimal(18, 8)) end as lift_low,
    case when why_null is null then cast({{ newcombe('buyers', 'known', 'held_out_buyers', 'held_out', 'high') }} as decimal(18, 8)) end as lift_high,
    why_null,
    is_mature
from costed
