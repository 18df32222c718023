-- Staff statistics, one row per staff, day and metric that the day has.
select {{ canonical('metrics', {
    'metric_key': "_record_key || '|' || metric",
    'on_date': 'cast(stat_at as date)',
    'platform': "'wecom'",
    'account': true,
    'object_type': "'staff'",
    'object_id': 'staff_id',
    'metric': true,
    'value': 'metric_value',
}) }}
from {{ metric_rows(newest('wecom', 'staff_stats'), ['new_applies', 'new_contacts', 'chats', 'messages', 'reply_rate', 'first_reply_minutes',
    'negative_feedback']) }} as figures
where is_current
