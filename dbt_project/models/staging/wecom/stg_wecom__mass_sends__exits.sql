-- A message that failed because the customer is no friend any more tells of a loss that no event told, one row per failed message.
-- The day is the message's own; without one the loss has no time and says nothing.
select {{ canonical('contact_events', {
    'event_key': "'exit:' || _record_key",
    'contact_key': "'wecom_friend|' || coalesce(account, '') || '|' || external_userid || '|' || staff_id",
    'record_key': '_record_key',
    'channel': "'wecom_friend'",
    'account': true,
    'staff_id': true,
    'event': "'closed_by_customer'",
    'happened_at': 'coalesce(sent_at, created_at)',
}) }}
from {{ newest('wecom', 'mass_sends') }} as versions
where is_current and send_status = 'not_a_friend' and chat_id = '0' and coalesce(sent_at, created_at) is not null
