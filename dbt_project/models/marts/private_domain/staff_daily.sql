-- What each member of staff holds and does, day by day. An order counts for the one colleague who holds the buyer and
-- whose relation is the youngest, so staff revenues add up. What the platform does not report is NULL, not 0.
with relations as (

    select
        staff_id, contact_key, customer_id, opened_at, closed_at, is_reassigned,
        cast(opened_at as date) as opened_on,
        cast(closed_at as date) as closed_on,
        is_lost
    from {{ ref('int_contacts') }}
    where staff_id is not null and opened_at is not null

),

figures as (

    select
        object_id as staff_id, on_date,
        sum(case when metric = 'messages' then value end) as messages,
        max(case when metric = 'reply_rate' then value end) as reply_rate
    from {{ ref('int_metrics') }}
    where object_type = 'staff' and on_date is not null
    group by 1, 2

),

held as (

    select
        purchases.order_key, purchases.paid_on, purchases.net_revenue_cny, relations.staff_id,
        row_number() over (partition by purchases.order_key order by relations.opened_at desc, relations.contact_key desc) as place
    from {{ ref('int_purchases') }} as purchases
    inner join relations
        on purchases.customer_id = relations.customer_id
        and relations.opened_on <= purchases.paid_on
        and (relations.closed_on is null or relations.closed_on > purchases.paid_on)

),

sold as (

    select staff_id, paid_on as on_date, sum(net_revenue_cny) as net_revenue_cny, count(*) as orders
    from held
    where place = 1
    group by 1, 2

),

-- what was handed over moves the stock without being new or lost
moves as (

    select
        staff_id, opened_on as on_date, 1 as moved,
        case when is_reassigned then 0 else 1 end as came, 0 as went, case when is_reassigned then 1 else 0 end as taken_over, 0 as handed_over
    from relations
    union all
    select staff_id, greatest(closed_on, opened_on), -1, 0, case when is_lost then 1 else 0 end, 0, case when is_lost then 0 else 1 end
    from relations
    where closed_on is not null

),

moved as (

    select
        staff_id, on_date, sum(moved) as moved, sum(came) as came, sum(went) as went, sum(taken_over) as taken_over,
        sum(handed_over) as handed_over
    from moves
    group by 1, 2

),

staff as (

    select staff_id, min(on_date) as first_day
    from (select staff_id, on_date from moved union all select staff_id, on_date from figures) as seen
    group by 1

),

days as (

    select on_date from {{ days_from_to('(select min(first_day) from staff)', as_of()) }} as every_day

)

select
    -- the row
    days.on_date,
    staff.staff_id,
    -- whom they hold
    cast(sum(coalesce(moved.moved, 0)) over (partition by staff.staff_id order by days.on_date rows between unbounded preceding and current row) as bigint)
        as contacts,
    cast(coalesce(moved.came, 0) as bigint) as new_contacts,
    cast(coalesce(moved.went, 0) as bigint) as lost_contacts,
    cast(coalesce(moved.taken_over, 0) as bigint) as taken_over,
    cast(coalesce(moved.handed_over, 0) as bigint) as handed_over,
    -- what they do
    cast(figures.messages as bigint) as messages,
    cast(figures.reply_rate as decimal(18, 8)) as reply_rate,
    -- what comes of it
    cast(coalesce(sold.orders, 0) as bigint) as orders,
    cast(case when sold.staff_id is null then 0 else sold.net_revenue_cny end as decimal(18, 2)) as net_revenue_cny,
    -- what they cost
    cast(costs.cost_cny as decimal(18, 2)) as cost_cny
from staff
inner join days on staff.first_day <= days.on_date
left join moved on staff.staff_id = moved.staff_id and days.on_date = moved.on_date
left join figures on staff.staff_id = figures.staff_id and days.on_date = figures.on_date
left join sold on staff.staff_id = sold.staff_id and days.on_date = sold.on_date
left join {{ ref('int_staff_costs') }} as costs on staff.staff_id = costs.staff_id and days.on_date = costs.on_date
