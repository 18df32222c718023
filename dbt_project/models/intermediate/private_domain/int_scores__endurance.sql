-- Endurance: how many of those who come into a channel are still there after so many days (Kaplan and Meier 1958, interval by
-- Greenwood 1926), over all stays watched up to the end of the month; and who leaves right after a message.
with ends as (

    select distinct month, end_on from {{ ref('int_pool_months') }}

),

stays as (

    select stays.channel, stays.holder, stays.left_at, cast(stays.entered_at as date) as entered_on, cast(stays.left_at as date) as left_on
    from {{ ref('int_pool_stays') }} as stays
    left join {{ ref('channels') }} as channels on stays.channel = channels.channel
    where stays.kind = 'any' and (stays.channel = 'all' or channels.domain = 'private')

),

-- who is still there at the end of the month was watched for so long and is heard of no more
watched as (

    select
        ends.month, stays.channel,
        {{ days_between('stays.entered_on', 'case when stays.left_on <= ends.end_on then stays.left_on else ends.end_on end') }} as days,
        sum(case when stays.left_on <= ends.end_on then 1 else 0 end) as went,
        count(*) as stays
    from ends
    inner join stays on stays.entered_on <= ends.end_on
    group by 1, 2, 3

),

at_risk as (

    select
        watched.*,
        sum(stays) over (partition by month, channel order by days desc rows between unbounded preceding and current row) as at_risk
    from watched

),

-- sums of decimals: the same to the last digit in any order
stepped as (

    select
        month, channel, days, went, stays, at_risk,
        cast(case when went < at_risk then round(ln(1 - cast(went as double) / at_risk), 12) else 0 end as decimal(28, 12)) as log_kept,
        case when went = at_risk then 1 else 0 end as nobody_kept,
        cast(case when went < at_risk then round(cast(went as double) / (cast(at_risk as double) * (at_risk - went)), 12) else 0 end as decimal(28, 12))
            as greenwood
    from at_risk

),

survived as (

    {% for age in var('survival_days') %}
    select
        month, channel, 'survival_{{ age }}d' as metric,
        cast(sum(case when days < {{ age }} then went else 0 end) as double) as numerator,
        cast(sum(stays) as double) as denominator,
        -- nobody was watched that long: unknown
        case when max(days) >= {{ age }} or max(case when days < {{ age }} then nobody_kept else 0 end) = 1 then
            case when max(case when days < {{ age }} then nobody_kept else 0 end) = 1 then cast(0 as double)
                else exp(cast(sum(case when days < {{ age }} then log_kept else 0 end) as double)) end
        end as kept,
        sqrt(cast(sum(case when days < {{ age }} then greenwood else 0 end) as double)) as relative_error
    from stepped
    group by 1, 2
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

messages as (

    select distinct touches.customer_id, touches.channel, touches.touched_at, cast({{ dbt.date_trunc('month', 'touches.touched_at') }} as date) as month
    from {{ ref('int_touches') }} as touches
    where touches.customer_id is not null and touches.touch_type in ({{ quoted_list(var('message_touch_types')) }})
        and touches.touched_at + interval '{{ var("exit_after_send_hours") }}' hour <= cast({{ as_of() }} as timestamp)

),

exits as (

    select
        messages.month, messages.channel,
        cast(count(distinct messages.customer_id) as double) as persons,
        cast(count(distinct case when stays.left_at <= messages.touched_at + interval '{{ var("exit_after_send_hours") }}' hour
            then messages.customer_id end) as double) as left_soon
    from messages
    inner join stays
        on messages.customer_id = stays.holder and messages.channel = stays.channel
        and stays.entered_on <= cast(messages.touched_at as date) and (stays.left_at is null or stays.left_at > messages.touched_at)
    group by 1, 2

)

select
    month, channel, metric, numerator, denominator, kept as value,
    greatest(kept - 1.96 * kept * relative_error, 0) as low,
    least(kept + 1.96 * kept * relative_error, 1) as high
from survived
union all
select
    month, channel, 'exit_after_send_rate', left_soon, persons, left_soon / nullif(persons, 0),
    {{ wilson('left_soon', 'persons', 'low') }}, {{ wilson('left_soon', 'persons', 'high') }}
from exits
