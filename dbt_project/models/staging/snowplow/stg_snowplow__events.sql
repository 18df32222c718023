-- The first page view of a session, as a touch, one row per session. Of an event that came twice the earlier arrival stands.
{{ config(meta={'told_together': ['session_id']}) }}
with first_arrivals as (

    select
        versions.*,
        row_number() over (partition by event_id order by collected_at, _exported_at, _file_sha256, _line) as arrival
    from {{ newest('snowplow', 'events') }} as versions

),

entries as (

    select
        first_arrivals.*,
        row_number() over (partition by coalesce(session_id, event_id) order by happened_at, event_id) as step
    from first_arrivals
    where arrival = 1 and event in ('page_view', 'screen_view')

)

select {{ canonical('touches', {
    'touch_key': "'snowplow:' || _record_key",
    'record_key': '_record_key',
    'touched_at': 'happened_at',
    'channel': web_channel('source', 'medium', "'direct'"),
    'campaign': 'coalesce(campaign, source)',
    'content': 'coalesce(content, page_path)',
    'touch_type': web_touch_type('source'),
    'evidence': "'person'",
}) }}
from entries
where step = 1
