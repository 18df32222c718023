-- Mail as touches, one row per message, receiver and event of sending or reading it. Opens count as impressions: proxies open too.
select {{ canonical('touches', {
    'touch_key': "'email:' || _record_key",
    'record_key': '_record_key',
    'touched_at': 'happened_at',
    'channel': "'email'",
    'domain': "'private'",
    'campaign': 'coalesce(campaign, message_id)',
    'content': "nullif(link, '-')",
    'touch_type': "case event when 'clicked' then 'click' when 'opened' then 'impression' else event end",
    'evidence': "'person'",
}) }}
from {{ newest('email', 'sends') }} as versions
where is_current and event in ('sent', 'delivered', 'failed', 'held_out', 'opened', 'clicked')
