-- Members of ordinary groups, one row per membership and snapshot of a group.
select {{ canonical('contacts', {
    'contact_key': "'wechat_group|' || _record_key",
    'record_key': '_record_key',
    'channel': "'wechat_group'",
    'account': true,
    'staff_id': 'owner_id',
    'holder_type': "'staff'",
    'opened_at': "coalesce(joined_at, case when left_at is null and coalesce(member_status, '') <> 'left' then _exported_at end)",
    'closed_at': "coalesce(left_at, case when member_status = 'left' then _exported_at end, absent_at)",
    'close_reason': "case when left_at is not null or member_status = 'left' then 'closed_by_customer' when absent_at is not null then 'absent' end",
    'source_code': true,
    'exported_at': '_exported_at',
    'is_current': true,
}) }}
from {{ newest('wechat_group', 'members') }} as versions
