-- WeCom friends, one row per customer, staff and snapshot. A customer who deleted the staff is still listed: only events tell.
select {{ canonical('contacts', {
    'contact_key': "'wecom_friend|' || coalesce(account, '') || '|' || external_userid || '|' || staff_id",
    'record_key': '_record_key',
    'channel': "'wecom_friend'",
    'account': true,
    'staff_id': true,
    'holder_type': "'staff'",
    'opened_at': true,
    'closed_at': 'coalesce(closed_at, absent_at)',
    'close_reason': "case when closed_at is not null then coalesce(close_reason, 'closed_by_staff') when absent_at is not null then 'absent' end",
    'add_way': true,
    'source_code': true,
    'exported_at': '_exported_at',
    'is_current': true,
}) }}
from {{ newest('wecom', 'contacts') }} as versions
