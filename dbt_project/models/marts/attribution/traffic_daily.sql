-- Where a shop's visitors and orders came from, told twice: by the platform's traffic reports, and by the traffic fields of our own order rows.
-- Levels repeat each other (a parent source holds its children), and persons add up neither over sources nor over days: read one level at a time.
with reported as (

    select
        on_date, platform, coalesce(account, '') as account, object_type, object_id as source,
        {{- metric_columns(['visitors', 'new_visitors', 'sessions', 'page_views', 'item_click_users', 'cart_users', 'favorite_users', 'follow_users',
            'order_buyers', 'pay_buyers', 'paid_cny']) }}
    from {{ ref('int_metrics') }}
    where counting = 'of_day' and object_type in ('traffic_source', 'traffic_source_total', 'page', 'account')
    group by 1, 2, 3, 4, 5

),

reports as (

    select
        reported.*,
        case object_type when 'traffic_source' then 'source' when 'traffic_source_total' then 'parent' else object_type end as level
    from reported
    where coalesce(visitors, sessions, page_views, pay_buyers, paid_cny) is not null

),

orders as (

    select
        paid_on as on_date, platform, account,
        coalesce(traffic_channel || coalesce(' > ' || traffic_campaign, ''), 'not_named') as source,
        traffic_channel as channel,
        {{- sales_summed() }}
    from {{ ref('int_sales') }}
    group by 1, 2, 3, 4, 5

),

told as (

    select
        on_date, platform, account, 'report' as told_by, level, source, cast(null as string) as channel,
        visitors, new_visitors, sessions, page_views, item_click_users, cart_users, favorite_users, follow_users, order_buyers, pay_buyers, paid_cny,
        cast(null as bigint) as orders, cast(null as bigint) as identified_customers, cast(null as decimal(18, 2)) as receivable_cny,
        cast(null as decimal(18, 2)) as net_revenue_cny, cast(null as bigint) as orders_without_net, true as is_complete, false as is_provisional
    from reports
    union all
    select
        orders.on_date, orders.platform, orders.account, 'orders', 'order', orders.source, orders.channel,
        null, null, null, null, null, null, null, null, null, null, null,
        orders.orders, orders.identified_customers, orders.receivable_cny, orders.net_revenue_cny, orders.orders_without_net,
        coalesce(days.is_complete, false), orders.provisional_orders = 1
    from orders
    left join {{ order_days() }} as days on orders.platform = days.platform and orders.on_date = days.on_date

)

select
    -- the row
    on_date,
    platform,
    account,
    told_by,
    level,
    source,
    channel,
    -- what the platform counts
    cast(visitors as bigint) as visitors,
    cast(new_visitors as bigint) as new_visitors,
    cast(sessions as bigint) as sessions,
    cast(page_views as bigint) as page_views,
    cast(item_click_users as bigint) as item_click_users,
    cast(cart_users as bigint) as cart_users,
    cast(favorite_users as bigint) as favorite_users,
    cast(follow_users as bigint) as follow_users,
    cast(order_buyers as bigint) as order_buyers,
    cast(pay_buyers as bigint) as pay_buyers,
    cast(paid_cny as decimal(18, 2)) as platform_paid_cny,
    {{ ratio('pay_buyers', 'visitors') }} as pay_rate,
    {{ unit_amount('paid_cny', 'pay_buyers') }} as paid_per_buyer_cny,
    {{ unit_amount('paid_cny', 'visitors') }} as value_per_visitor_cny,
    -- what our orders say
    cast(orders as bigint) as orders,
    cast(identified_customers as bigint) as identified_customers,
    cast(receivable_cny as decimal(18, 2)) as receivable_cny,
    cast(net_revenue_cny as decimal(18, 2)) as net_revenue_cny,
    cast(orders_without_net as bigint) as orders_without_net,
    is_complete,
    is_provisional
from told
