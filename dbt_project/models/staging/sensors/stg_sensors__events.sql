-- Launches and marked page views, as touches, one row per event. Other events are steps within a visit.
with visits as (

    select
        versions.*,
        case when library = 'MiniProgram' or event like '$MP%' then 'mini_program' else 'direct' end as place
    from {{ newest('sensors', 'events') }} as versions
    where is_current and line_type = 'track'
        and (event in ('$MPLaunch', '$AppStart') or (event in ('$pageview', '$MPViewScreen') and source is not null))

)

select {{ canonical('touches', {
    'touch_key': "'sensors:' || _record_key",
    'record_key': '_record_key',
    'touched_at': 'happened_at',
    'channel': web_channel('source', 'medium', 'place'),
    'campaign': 'coalesce(campaign, source)',
    'content': 'coalesce(content, page_path)',
    'touch_type': web_touch_type('source'),
    'evidence': "'person'",
}) }}
from visits
