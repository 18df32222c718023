-- Figures without a person: live sessions, notes, traffic sources, staff statistics, fans.
select metric_key, on_date, session_at, platform, account, object_type, object_id, object_title, metric, value,
    coalesce(counting, 'of_day') as counting
from {{ union_feeds('metrics') }} as metrics
