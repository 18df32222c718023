-- From when to when a person was in a channel of the pond, however many staff held them: overlapping relations are one
-- stay, and a hand-over to a colleague does not end it. `channel` all joins the private channels; kind reachable counts
-- only relations through which the brand may write free of charge; kind buyer is the 365 days after each purchase.
with relations as (

    select
        coalesce(contacts.customer_id, contacts.relation_key) as holder,
        contacts.channel,
        coalesce(channels.domain, 'private') = 'private' as is_private,
        coalesce(channels.is_free_reach, false) and contacts.holder_type in ('brand', 'staff') and coalesce(contacts.consent, 'yes') <> 'no'
            as can_reach,
        contacts.opened_at,
        case
            when contacts.closed_at is null then null
            when contacts.is_lost then greatest(contacts.closed_at, contacts.opened_at)
            -- handed over: held until the colleague's relation begins; if none ever begins, gone
            else coalesce(
                lead(contacts.opened_at) over (
                    partition by coalesce(contacts.customer_id, contacts.relation_key), contacts.channel
                    order by contacts.opened_at, contacts.contact_key
                ),
                greatest(contacts.closed_at, contacts.opened_at)
            )
        end as closed_at
    from {{ ref('int_contacts') }} as contacts
    left join {{ ref('channels') }} as channels on contacts.channel = channels.channel
    where contacts.opened_at is not null

),

spans as (

    select 'any' as kind, channel, holder, opened_at, closed_at from relations
    union all
    select 'any', 'all', holder, opened_at, closed_at from relations where is_private
    union all
    select 'reachable', channel, holder, opened_at, closed_at from relations where can_reach
    union all
    select 'reachable', 'all', holder, opened_at, closed_at from relations where can_reach and is_private
    union all
    select
        'buyer', 'all', customer_id, cast(paid_on as timestamp),
        cast(paid_on as timestamp) + interval '{{ var('core_window_days') }}' day
    from {{ ref('int_purchases') }}
    where customer_id is not null

),

ended as (

    -- equal spans are one: two purchases of a day would stand in no order, and their stay might be counted twice
    select distinct kind, channel, holder, opened_at, coalesce(closed_at, cast('9999-12-31' as timestamp)) as ends_at
    from spans

),

reached as (

    select
        ended.*,
        max(ends_at) over (
            partition by kind, channel, holder order by opened_at, ends_at rows between unbounded preceding and 1 preceding
        ) as reached_at
    from ended

),

numbered as (

    select
        reached.*,
        sum(case when reached_at >= opened_at then 0 else 1 end) over (
            partition by kind, channel, holder order by opened_at, ends_at rows between unbounded preceding and current row
        ) as stay_number
    from reached

)

select
    kind,
    channel,
    holder,
    cast(stay_number as bigint) as stay_number,
    min(opened_at) as entered_at,
    case when max(ends_at) < cast('9999-12-31' as timestamp) then max(ends_at) end as left_at
from numbered
group by 1, 2, 3, 4
