-- Who unsubscribed, complained of spam or subscribed again: one row per such statement, counted from when it was made.
select {{ canonical('contacts', {
    'contact_key': "'email|' || email",
    'record_key': '_record_key',
    'channel': "'email'",
    'account': true,
    'holder_type': "'brand'",
    'opened_at': "case when event = 'subscribed' then happened_at end",
    'closed_at': "case when event <> 'subscribed' then happened_at end",
    'close_reason': "case when event <> 'subscribed' then 'opted_out' end",
    'consent': "case when event = 'subscribed' then 'yes' else 'no' end",
    'exported_at': 'happened_at',
    'is_current': true,
}) }}
from {{ newest('email', 'sends') }} as versions
where is_current and email_class = 'ok' and event in ('unsubscribed', 'complained', 'subscribed')
