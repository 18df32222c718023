-- Mass messages that were sent or failed, one row per message, staff and customer or group: the brand's act, no credit.
select {{ canonical('touches', {
    'touch_key': "'mass_send:' || _record_key",
    'record_key': '_record_key',
    'touched_at': 'coalesce(sent_at, created_at, _exported_at)',
    'channel': "case when chat_id <> '0' then 'wecom_group' else 'wecom_friend' end",
    'domain': "'private'",
    'campaign': 'msg_id',
    'content': 'staff_id',
    'touch_type': "case when send_status = 'sent' then 'sent' else 'failed' end",
    'evidence': "'person'",
}) }}
from {{ newest('wecom', 'mass_sends') }} as versions
where is_current and send_status in ('sent', 'not_a_friend', 'over_quota')
