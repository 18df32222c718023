-- Membership as a contact, one row per member and snapshot: joining opens it, cancelling or vanishing from the whole list closes it.
select {{ canonical('contacts', {
    'contact_key': "'member|' || _record_key",
    'record_key': '_record_key',
    'channel': "'member'",
    'account': true,
    'holder_type': "'brand'",
    'opened_at': "coalesce(joined_at, case when coalesce(member_status, '') <> 'inactive' then _exported_at end)",
    'closed_at': "case when member_status = 'inactive' then _exported_at else absent_at end",
    'close_reason': "case when member_status = 'inactive' then 'cancelled' when absent_at is not null then 'absent' end",
    'source_code': 'register_channel',
    'consent': 'consent_sms',
    'exported_at': '_exported_at',
    'is_current': true,
}) }}
from {{ newest('crm', 'members') }} as versions
