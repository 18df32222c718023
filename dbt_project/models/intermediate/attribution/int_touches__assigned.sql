-- Each eligible touch of a known customer, and the conversion it led to, if any.
-- One pass over the customer's time line instead of a join of all touches with all conversions: the cost grows with the
-- events, not with their product. A touch belongs to the next conversion (int_paths knows of a cycle that is not cut). A
-- paid presale balance cuts as well: touches between deposit and balance are reminders and must not feed the order after.
with conversions as (

    select
        customer_id,
        conversion_key,
        converted_at,
        min(ordered_at) as ordered_at
    from {{ ref('int_conversions') }}
    where customer_id is not null
    group by 1, 2, 3

),

balances as (

    select
        customer_id,
        paid_at
    from {{ ref('int_conversions') }}
    where customer_id is not null and deposit_paid_at is not null and paid_at > deposit_paid_at
    group by 1, 2

),

events as (

    select
        customer_id, touched_at as happened_at, 1 as event_order, touch_key as event_key,
        touched_at, coalesce(channel, 'unknown') as channel, domain, campaign, content, touch_type, evidence
    from {{ ref('int_touches') }}
    where is_eligible and customer_id is not null and order_key is null and touched_at is not null
    union all
    select
        customer_id, converted_at, 2, conversion_key,
        null, null, null, null, null, null, null
    from conversions
    union all
    select
        customer_id, paid_at, 3, '',
        null, null, null, null, null, null, null
    from balances

),

looked_ahead as (

    select
        events.*,
        min(case when event_order = 2 then happened_at end) over (
            partition by customer_id order by happened_at, event_order, event_key
            rows between current row and unbounded following
        ) as next_converted_at,
        min(case when event_order = 3 then happened_at end) over (
            partition by customer_id order by happened_at, event_order, event_key
            rows between current row and unbounded following
        ) as next_balance_at
    from events

),

timed as (

    select
        looked_ahead.event_key, looked_ahead.customer_id, looked_ahead.touched_at, looked_ahead.channel, looked_ahead.domain,
        looked_ahead.campaign, looked_ahead.content, looked_ahead.touch_type, looked_ahead.evidence,
        looked_ahead.next_converted_at, looked_ahead.next_balance_at,
        coalesce(next_balance_at < next_converted_at, next_balance_at is not null) as is_balance_reminder,
        {{ seconds_between('touched_at', 'next_converted_at') }} as seconds_before,
        {{ expires_at('touched_at', 'touch_type', 'channels.kind') }} as expires_at
    from looked_ahead
    left join {{ ref('channels') }} as channels on looked_ahead.channel = channels.channel
    where event_order = 1

),

followed as (

    select
        timed.*,
        conversions.conversion_key,
        {{ is_buying_session('timed.touch_type', 'timed.campaign', 'timed.touched_at', 'conversions.ordered_at', 'conversions.converted_at') }}
            as is_buying_session
    from timed
    left join conversions on timed.customer_id = conversions.customer_id and timed.next_converted_at = conversions.converted_at

),

led as (

    select
        followed.*,
        conversion_key is not null and not is_balance_reminder and not is_buying_session and next_converted_at <= expires_at as has_led
    from followed

)

select
    event_key as touch_key,
    customer_id,
    touched_at,
    channel,
    domain,
    campaign,
    content,
    touch_type,
    evidence,
    case when has_led then conversion_key end as conversion_key,
    case when has_led then next_converted_at end as converted_at,
    least(next_converted_at, next_balance_at) as next_cut_at,
    expires_at,
    is_balance_reminder,
    is_buying_session,
    case when has_led then cast(seconds_before as bigint) end as seconds_before
from led
