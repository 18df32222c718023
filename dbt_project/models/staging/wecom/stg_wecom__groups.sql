-- Customers in groups, one row per membership and snapshot of a group. Staff are no customers; who is missing from the next state left.
select {{ canonical('contacts', {
    'contact_key': "'wecom_group|' || coalesce(account, '') || '|' || chat_id || '|' || member_userid",
    'record_key': '_record_key',
    'channel': "'wecom_group'",
    'account': true,
    'staff_id': 'owner_id',
    'holder_type': "'staff'",
    'opened_at': 'joined_at',
    'closed_at': 'absent_at',
    'close_reason': "case when absent_at is not null then 'absent' end",
    'source_code': true,
    'exported_at': '_exported_at',
    'is_current': true,
}) }}
from {{ newest('wecom', 'groups') }} as versions
where member_type <> 'staff'
