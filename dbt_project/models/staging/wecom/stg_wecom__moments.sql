-- Moments, one row per customer's like or comment, and per customer who can see one without any act.
with moments as (

    select
        versions.*,
        case when acted_at > timestamp '2000-01-01 00:00:00' then acted_at end as done_at
    from {{ newest('wecom', 'moments') }} as versions
    where is_current and external_userid_class = 'ok'

)

select {{ canonical('touches', {
    'touch_key': "'moment:' || _record_key",
    'record_key': '_record_key',
    'touched_at': 'coalesce(done_at, published_at, _exported_at)',
    'channel': "'wecom_moments'",
    'domain': "'private'",
    'campaign': 'moment_id',
    'content': "nullif(staff_id, '0')",
    'touch_type': "case when done_at is not null then 'comment' else 'moment_visible' end",
    'evidence': "'person'",
}) }}
from moments
