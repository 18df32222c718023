-- Who answered 退订, or stands on a carrier's black list, has closed the phone for messages: one row per such answer.
-- A statement counts from when it was made, so that is its place in the order of statements.
select {{ canonical('contacts', {
    'contact_key': "'sms|' || phone",
    'record_key': '_record_key',
    'channel': "'sms'",
    'account': true,
    'holder_type': "'brand'",
    'closed_at': 'sent_at',
    'close_reason': "'opted_out'",
    'consent': "'no'",
    'exported_at': 'sent_at',
    'is_current': true,
}) }}
from {{ newest('sms', 'sends') }} as versions
where is_current and phone_class = 'ok' and ({{ has_tag('reply_tags', 'opt_out') }} or upper(coalesce(error_code, '')) like '%BLACK%')
