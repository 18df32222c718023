-- Every relation between a person and a private channel, from opening to close.
select
    -- ids
    contacts.contact_key,
    contacts.customer_id,
    -- who holds it
    contacts.channel,
    contacts.account,
    contacts.staff_id,
    contacts.holder_type,
    -- when
    contacts.opened_at,
    contacts.closed_at,
    contacts.close_reason,
    contacts.is_lost,
    -- how it came
    contacts.add_way,
    contacts.is_reassigned,
    contacts.source_code,
    codes.verdict as source_channel,
    -- reach
    contacts.consent,
    contacts.is_reachable,
    contacts.is_reachable_paid
from {{ ref('int_contacts') }} as contacts
left join {{ ref('int_contacts__coded') }} as codes on contacts.contact_key = codes.contact_key
