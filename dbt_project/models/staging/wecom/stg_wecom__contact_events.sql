-- What happened between customer and staff, one row per event. A deletion by transfer is a hand-over, not a loss.
select {{ canonical('contact_events', {
    'event_key': '_record_key',
    'contact_key': "'wecom_friend|' || coalesce(account, '') || '|' || external_userid || '|' || staff_id",
    'record_key': '_record_key',
    'channel': "'wecom_friend'",
    'account': true,
    'staff_id': true,
    'event': "case when change_type = 'closed_by_staff' and delete_source = 'transfer' then 'transferred' else change_type end",
    'happened_at': true,
    'source_code': true,
}) }}
from {{ newest('wecom', 'contact_events') }} as versions
where is_current
