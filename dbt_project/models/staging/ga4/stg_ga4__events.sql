-- Session starts, as touches, one row per session start with the source of the event itself.
select {{ canonical('touches', {
    'touch_key': "'ga4:' || _record_key",
    'record_key': '_record_key',
    'touched_at': 'happened_at',
    'channel': web_channel('source', 'medium', "'direct'"),
    'campaign': 'coalesce(campaign, source)',
    'content': 'device_category',
    'touch_type': web_touch_type('source'),
    'evidence': "'person'",
}) }}
from {{ newest('ga4', 'events') }} as versions
where is_current and event = 'session_start'
