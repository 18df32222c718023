-- How people first came into the pond, and whether they stayed: relations of private channels that brought somebody, not
-- those handed over from a colleague. `place` 1 is the person's first one.
select
    contacts.contact_key, contacts.customer_id, contacts.opened_at, contacts.closed_at, contacts.is_lost,
    coalesce(codes.verdict, contacts.channel) as entry,
    codes.verdict is not null as is_code,
    min(contacts.opened_at) over (partition by contacts.customer_id) as first_opened_at,
    cast(row_number() over (partition by contacts.customer_id order by contacts.opened_at, contacts.contact_key) as bigint) as place
from {{ ref('int_contacts') }} as contacts
left join {{ ref('int_contacts__coded') }} as codes on contacts.contact_key = codes.contact_key
where contacts.opened_at is not null and contacts.domain = 'private' and not contacts.is_reassigned
