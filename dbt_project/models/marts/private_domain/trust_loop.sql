-- The trust loop: do people come back after an order that went wrong, compared with one that went smoothly? By channel, product
-- group and seller, one at a time; refunds by kind too.
with as_of as (

    select max(as_of_on) as as_of_on from {{ source('lake', 'context') }}

),

days as (

    select distinct customer_id, purchase_on from {{ ref('int_purchases') }} where customer_id is not null and purchase_on is not null

),

returned as (

    select judged.order_key, min(days.purchase_on) as next_on
    from {{ ref('int_orders__judged') }} as judged
    inner join days on judged.customer_id = days.customer_id and days.purchase_on > judged.paid_on
    group by 1

),

watched as (

    select
        judged.channel, judged.product_group, judged.seller, judged.outcome, coalesce(judged.refund_kind, 'none') as refund_kind,
        horizons.horizon_days,
        case when {{ days_between('judged.paid_on', 'returned.next_on') }} <= horizons.horizon_days then 1 else 0 end as came_back
    from {{ ref('int_orders__judged') }} as judged
    cross join as_of
    cross join ({% for days in var('trust_horizons_days') %}select {{ days }} as horizon_days{{ ' union all ' if not loop.last }}{% endfor %}) as horizons
    left join returned on judged.order_key = returned.order_key
    where {{ days_between('judged.paid_on', 'as_of.as_of_on') }} >= horizons.horizon_days

),

sliced as (

    {% for channel, product_group, seller in [("'all'", "'all'", "'all'"), ('channel', "'all'", "'all'"), ("'all'", 'product_group', "'all'"), ("'all'", "'all'", 'seller')] %}
    select
        {{ channel }} as channel, {{ product_group }} as product_group, {{ seller }} as seller, outcome, refund_kind, horizon_days,
        count(*) as orders, sum(came_back) as came_back
    from watched
    group by {{ 'channel, ' if channel == 'channel' }}{{ 'product_group, ' if product_group == 'product_group' }}{{ 'seller, ' if seller == 'seller' }}
        outcome, refund_kind, horizon_days
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

leveled as (

    select channel, product_group, seller, outcome, 'all' as refund_kind, horizon_days, sum(orders) as orders, sum(came_back) as came_back
    from sliced
    group by 1, 2, 3, 4, 5, 6
    union all
    select channel, product_group, seller, outcome, refund_kind, horizon_days, orders, came_back
    from sliced
    where outcome = 'refunded'

),

compared as (

    select
        leveled.*,
        max(case when outcome = 'smooth' then orders end) over (partition by channel, product_group, seller, horizon_days) as smooth_orders,
        max(case when outcome = 'smooth' then came_back end) over (partition by channel, product_group, seller, horizon_days) as smooth_back
    from leveled

)

select
    -- the row
    cast(channel as string) as channel,
    cast(product_group as string) as product_group,
    seller,
    outcome,
    cast(refund_kind as string) as refund_kind,
    cast(horizon_days as bigint) as horizon_days,
    -- who came back
    cast(orders as bigint) as orders,
    cast(came_back as bigint) as repurchased_orders,
    cast(cast(came_back as double) / orders as decimal(9, 8)) as repurchase_rate,
    -- compared with orders that went smoothly
    case when outcome <> 'smooth' then cast(round(cast(came_back as double) / orders - cast(smooth_back as double) / smooth_orders, 8) as decimal(9, 8)) end
        as difference,
    case when outcome <> 'smooth' then cast({{ newcombe('came_back', 'orders', 'smooth_back', 'smooth_orders', 'low') }} as decimal(9, 8)) end as low,
    case when outcome <> 'smooth' then cast({{ newcombe('came_back', 'orders', 'smooth_back', 'smooth_orders', 'high') }} as decimal(9, 8)) end as high
from compared
