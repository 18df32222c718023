-- What the channel code of a relation meant when it was opened: codes are used again, so a ruling counts from its first to its last day.
select contact_key, verdict, detail
from (
    select
        contacts.contact_key, codes.verdict, codes.detail,
        row_number() over (partition by contacts.contact_key order by codes.valid_from desc nulls last, codes.ruling_key) as place
    from {{ ref('int_contacts') }} as contacts
    inner join {{ ref('int_rulings') }} as codes
        on codes.ruling_kind = 'channel_code' and codes.subject = contacts.source_code
        and (codes.valid_from is null or codes.valid_from <= cast(contacts.opened_at as date))
        and (codes.valid_to is null or codes.valid_to >= cast(contacts.opened_at as date))
) as ruled
where place = 1
