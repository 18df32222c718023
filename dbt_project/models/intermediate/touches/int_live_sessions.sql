-- Live sessions 直播场次 as platforms tell them, one row per session: whose room it was, who came, what the platform claims. A room is a creator's 达播
-- when its anchor sells as a creator in the order files, or when the platform counts a commission for it; else it is the brand's own 自播.
with told as (

    select
        platform, coalesce(account, '') as account, object_id as anchor_id, session_at as started_at,
        max(object_title) as anchor_name,
        {{- metric_columns(['duration_minutes', 'shown_users', 'viewers', 'views', 'peak_online', 'average_watch_minutes', 'comments', 'new_fans',
            'orders', 'revenue_cny', 'refunded_cny', 'estimated_commission_cny', 'spend_bound_cny', 'spend_targeted_cny']) }}
    from {{ ref('int_metrics') }}
    where object_type = 'live_session'
    group by 1, 2, 3, 4

),

sessions as (

    select
        told.*,
        told.platform || ':' || told.account || ':' || told.anchor_id || ':' || cast(told.started_at as string) as session_key,
        coalesce(by_id.creator, by_name.creator) as creator,
        coalesce(by_id.creator, by_name.creator) is not null or coalesce(told.estimated_commission_cny, 0) > 0 as is_creators,
        coalesce(told.spend_bound_cny, told.spend_targeted_cny) as session_spend_cny
    from told
    left join {{ ref('int_creators') }} as by_id on told.platform = by_id.platform and told.anchor_id = by_id.alias
    left join {{ ref('int_creators') }} as by_name on told.platform = by_name.platform and told.anchor_name = by_name.alias

)

select
    session_key, platform, account, anchor_id, anchor_name, creator, is_creators, started_at, duration_minutes,
    shown_users, viewers, views, peak_online, average_watch_minutes, comments, new_fans,
    orders as platform_orders, revenue_cny as platform_revenue_cny, refunded_cny as platform_refunded_cny,
    estimated_commission_cny as platform_commission_cny, session_spend_cny
from sessions
