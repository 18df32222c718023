-- SMS as touches, one row per phone and message or reply. Only a reply that does not opt out is the customer's act; a failed message reached nobody.
select {{ canonical('touches', {
    'touch_key': "'sms:' || _record_key",
    'record_key': '_record_key',
    'touched_at': 'coalesce(reported_at, sent_at)',
    'channel': "'sms'",
    'domain': "'private'",
    'campaign': true,
    'touch_type': "case when " ~ has_tag('reply_tags', 'reply') ~ " then 'reply' when send_status = 'delivered' then 'delivered' else 'sent' end",
    'evidence': "'person'",
}) }}
from {{ newest('sms', 'sends') }} as versions
where is_current and coalesce(send_status, '') <> 'failed' and not {{ has_tag('reply_tags', 'opt_out') }}
