-- Staff statistics, one row per staff, day and metric that the day has.
with days as (

    select * from {{ newest('wecom', 'staff_stats') }} as versions where is_current

),

figures as (

    {% for metric in ['new_applies', 'new_contacts', 'chats', 'messages', 'reply_rate', 'first_reply_minutes', 'negative_feedback'] %}
    select _record_key, account, staff_id, cast(stat_at as date) as on_date, '{{ metric }}' as metric, cast({{ metric }} as decimal(38,8)) as value
    from days
    where {{ metric }} is not null
    {{- '\n    union all' if not loop.last }}
    {% endfor %}

)

select {{ canonical('metrics', {
    'metric_key': "_record_key || '|' || metric",
    'on_date': true,
    'platform': "'wecom'",
    'account': true,
    'object_type': "'staff'",
    'object_id': 'staff_id',
    'metric': true,
    'value': true,
}) }}
from figures
