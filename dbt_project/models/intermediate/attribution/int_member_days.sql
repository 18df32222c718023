-- The members of each member day 会员日, and when each first came to the pond on it. Days are the calendar's, and what the brand
-- ruled to be one.
with days as (

    select promo, starts_on, ends_on from {{ ref('calendar_promos') }} where promo in ({{ quoted_list(var('member_day_promos')) }})
    union
    select verdict, valid_from, valid_to from {{ ref('int_rulings') }}
    where ruling_kind = 'promo' and verdict in ({{ quoted_list(var('member_day_promos')) }})

),

timed as (

    select
        days.promo || ' ' || cast(days.starts_on as string) as campaign,
        cast(days.starts_on as timestamp) as starts_at,
        cast(coalesce(days.ends_on, days.starts_on) as timestamp) + interval '1' day as ends_at
    from days
    inner join {{ source('lake', 'context') }} as context on days.starts_on <= context.as_of_on

),

members as (

    select timed.campaign, timed.starts_at, timed.ends_at, contacts.channel, contacts.customer_id
    from timed
    inner join {{ ref('int_contacts') }} as contacts
        on contacts.channel = 'member' and contacts.customer_id is not null
        and contacts.opened_at < timed.ends_at
        and coalesce(contacts.closed_at > timed.starts_at, true)
    group by 1, 2, 3, 4, 5

)

select
    members.campaign,
    members.channel,
    members.customer_id,
    members.starts_at,
    members.ends_at,
    min(touches.touched_at) as responded_at
from members
left join {{ ref('int_touches') }} as touches
    on members.customer_id = touches.customer_id and touches.is_eligible and touches.domain = 'private'
    and touches.touched_at >= members.starts_at and touches.touched_at < members.ends_at
group by 1, 2, 3, 4, 5
