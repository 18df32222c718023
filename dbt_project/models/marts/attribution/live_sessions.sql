-- Live sessions 直播场次: what the platform counts of each, and beside it what our own orders say that it earned and cost.
-- A session of unknown length earns an unknown amount, not 0.
with earned as (

    select
        live.session_key,
        {{- sales_summed() }}
    from {{ ref('int_sales') }} as sales
    inner join {{ ref('int_sales__live') }} as live on sales.order_key = live.order_key
    group by 1

)

select
    -- the session
    sessions.session_key,
    sessions.platform,
    sessions.account,
    sessions.anchor_id,
    sessions.anchor_name,
    case when sessions.is_creators then 'creator' else 'own' end as session_kind,
    sessions.creator,
    sessions.started_at,
    cast(sessions.duration_minutes as decimal(18, 2)) as duration_minutes,
    -- who came, as the platform counts
    cast(sessions.shown_users as bigint) as shown_users,
    cast(sessions.viewers as bigint) as viewers,
    cast(sessions.views as bigint) as views,
    cast(sessions.peak_online as bigint) as peak_online,
    cast(sessions.average_watch_minutes as decimal(18, 2)) as average_watch_minutes,
    cast(sessions.comments as bigint) as comments,
    cast(sessions.new_fans as bigint) as new_fans,
    -- what the platform claims
    cast(sessions.platform_orders as bigint) as platform_orders,
    cast(sessions.platform_revenue_cny as decimal(18, 2)) as platform_revenue_cny,
    cast(sessions.platform_refunded_cny as decimal(18, 2)) as platform_refunded_cny,
    cast(sessions.platform_commission_cny as decimal(18, 2)) as platform_commission_cny,
    -- what our orders say
    case when sessions.duration_minutes is not null then cast(coalesce(earned.orders, 0) as bigint) end as orders,
    case when sessions.duration_minutes is not null then cast(coalesce(earned.receivable_cny, 0) as decimal(18, 2)) end as receivable_cny,
    case when sessions.duration_minutes is not null then cast(coalesce(earned.refunded_cny, 0) as decimal(18, 2)) end as refunded_cny,
    case when sessions.duration_minutes is not null then cast(coalesce(earned.net_revenue_cny, 0) as decimal(18, 2)) end as net_revenue_cny,
    case when sessions.duration_minutes is not null then cast(coalesce(earned.orders_without_net, 0) as bigint) end as orders_without_net,
    {{ ratio('earned.refunded_cny', 'earned.known_receivable_cny') }} as refund_rate,
    case when sessions.duration_minutes is not null then cast(coalesce(earned.commission_cny, 0) as decimal(18, 2)) end as commission_cny,
    cast(sessions.session_spend_cny as decimal(18, 2)) as spend_cny,
    case when sessions.duration_minutes is not null and coalesce(earned.coverage, 1) >= {{ var('min_contribution_coverage') }} then
        cast(coalesce(earned.contribution_cny, 0) - coalesce(sessions.session_spend_cny, 0) as decimal(18, 2))
    end as contribution_cny,
    cast(earned.coverage as decimal(9, 8)) as contribution_coverage,
    {{ ratio('earned.net_revenue_cny', 'sessions.session_spend_cny') }} as roas,
    {{ ratio('earned.orders', 'sessions.viewers') }} as orders_per_viewer,
    coalesce(days.is_complete, false) as is_complete,
    coalesce(earned.provisional_orders, 0) = 1 as is_provisional
from {{ ref('int_live_sessions') }} as sessions
left join earned on sessions.session_key = earned.session_key
left join {{ order_days() }} as days on sessions.platform = days.platform and cast(sessions.started_at as date) = days.on_date
