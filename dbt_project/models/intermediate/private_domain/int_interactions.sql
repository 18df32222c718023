-- What persons did in the private channels, and whose account or colleague it was with: the relation that the touch opened, else
-- one that was open on the same platform, of the same channel first, the youngest first.
with touches as (

    select
        touches.touch_key, touches.customer_id, touches.touched_at, touches.channel, touches.touch_type, channels.platform
    from {{ ref('int_touches') }} as touches
    inner join {{ ref('channels') }} as channels on touches.channel = channels.channel
    where touches.customer_id is not null and touches.is_eligible and touches.evidence <> 'order_field' and touches.domain = 'private'

),

relations as (

    select
        contacts.contact_key, contacts.customer_id, contacts.channel, contacts.account, contacts.staff_id, contacts.opened_at, contacts.closed_at,
        channels.platform
    from {{ ref('int_contacts') }} as contacts
    inner join {{ ref('channels') }} as channels on contacts.channel = channels.channel
    where contacts.opened_at is not null and contacts.customer_id is not null

),

held as (

    select
        touches.touch_key, relations.channel as held_in, relations.account, relations.staff_id,
        row_number() over (
            partition by touches.touch_key
            order by
                case when touches.touch_key = 'contact:' || relations.contact_key then 1 when touches.channel = relations.channel then 2 else 3 end,
                relations.opened_at desc, relations.contact_key
        ) as place
    from touches
    inner join relations
        on touches.customer_id = relations.customer_id
        and (touches.touch_key = 'contact:' || relations.contact_key
            or touches.platform = relations.platform and relations.opened_at <= touches.touched_at
            and (relations.closed_at is null or relations.closed_at > touches.touched_at))

)

select
    touches.touch_key,
    touches.customer_id,
    touches.touched_at,
    cast({{ dbt.date_trunc('month', 'touches.touched_at') }} as date) as month,
    touches.channel,
    touches.touch_type,
    touches.touch_type in ({{ quoted_list(var('opening_touch_types')) }}) as is_opening,
    held.held_in,
    held.account,
    held.staff_id
from touches
left join held on touches.touch_key = held.touch_key and held.place = 1
