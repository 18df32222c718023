-- Which live session an order came from, one row per order that came from one: a creator's order belongs to that creator's room that was on,
-- any other live order to the brand's own room that was on (the one opened last).
with session_days as (

    -- so that orders meet only the sessions of their own day
    select sessions.*, days.on_date
    from {{ ref('int_live_sessions') }} as sessions
    inner join (select distinct ordered_on as on_date from {{ ref('int_sales') }}) as days
        on days.on_date >= cast(sessions.started_at as date) and {{ seconds_between('sessions.started_at', 'days.on_date') }} <= sessions.duration_minutes * 60

),

claimed as (

    select
        sales.*,
        session_days.session_key,
        row_number() over (
            partition by sales.order_key
            order by
                case when sales.creator = session_days.creator or sales.traffic_creator = session_days.anchor_id then 1 else 2 end,
                session_days.started_at desc, session_days.session_key
        ) as place
    from {{ ref('int_sales') }} as sales
    inner join session_days
        on sales.platform = session_days.platform and sales.ordered_on = session_days.on_date
        and (sales.account = '' or session_days.account = '' or sales.account = session_days.account)
    where {{ seconds_between('session_days.started_at', 'sales.ordered_at') }} between 0 and session_days.duration_minutes * 60
        and case
            when sales.creator is not null then coalesce(sales.creator = session_days.creator, false)
            else sales.traffic_type = 'live_view' and not session_days.is_creators
                and coalesce(sales.traffic_creator = session_days.anchor_id, true)
        end

)

select order_key, session_key
from claimed
where place = 1
