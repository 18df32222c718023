-- SMS as touches, one row per phone and message or reply. Only a reply that does not opt out is the customer's act. A failed message and a
-- phone that was left out on purpose are told too: they are what a campaign's results are held against.
select {{ canonical('touches', {
    'touch_key': "'sms:' || _record_key",
    'record_key': '_record_key',
    'touched_at': 'coalesce(reported_at, sent_at)',
    'channel': "'sms'",
    'domain': "'private'",
    'campaign': true,
    'touch_type': "case when " ~ has_tag('reply_tags', 'reply') ~ " then 'reply' when send_status in ('delivered', 'failed', 'held_out') then send_status else 'sent' end",
    'evidence': "'person'",
}) }}
from {{ newest('sms', 'sends') }} as versions
where is_current and not {{ has_tag('reply_tags', 'opt_out') }}
