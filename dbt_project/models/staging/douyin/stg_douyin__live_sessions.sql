-- Figures of Douyin live sessions, one row per session and figure. spend_bound_cny and spend_targeted_cny are two definitions of one spend, and
-- neither is spend of ours: 千川 tells that. Refunds and net figures move for weeks.
select {{ canonical('metrics', {
    'metric_key': "_record_key || '|' || metric",
    'on_date': 'cast(started_at as date)',
    'session_at': 'started_at',
    'platform': "'douyin'",
    'account': true,
    'object_type': "'live_session'",
    'object_id': 'anchor_id',
    'object_title': 'anchor_nick',
    'metric': true,
    'value': 'metric_value',
    'counting': "'to_date'",
}) }}
from {{ metric_rows(newest('douyin', 'live_sessions'), ['duration_minutes', 'shown_users', 'shown_times', 'viewers', 'views', 'peak_online',
    'average_online', 'average_watch_minutes', 'comments', 'live_club_joined', 'shopping_club_joined', 'new_fans', 'lost_fans', 'old_fan_share',
    'items', 'item_shown_users', 'item_clicked_users', 'item_shown_times', 'item_clicked_times', 'orders', 'revenue_cny', 'user_paid_cny', 'quantity',
    'buyers', 'refund_orders', 'refunded_cny', 'refund_buyers', 'estimated_commission_cny', 'spend_bound_cny', 'spend_targeted_cny', 'presale_orders',
    'presale_revenue_cny', 'net_revenue_platform_cny', 'net_orders', 'refunded_1h_cny', 'refund_1h_orders', 'refund_1h_rate']) }} as figures
where is_current
