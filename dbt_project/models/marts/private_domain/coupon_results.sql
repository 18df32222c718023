-- A coupon for each person (千人千券): who got which, who used it, and what they bought after, first-time buyers apart from returning
-- ones. Without a group that got none, nobody can say what the coupon caused: there is no lift here.
with as_of as (

    select max(as_of_on) as as_of_on from {{ source('lake', 'context') }}

),

coupons as (

    select touch_key, customer_id, coalesce(campaign, content) as campaign, content as coupon, touch_type, touched_at
    from {{ ref('int_touches') }}
    where content is not null and touch_type in ('coupon_issued', 'claim', 'redeem')

),

received as (

    select
        customer_id, campaign, coupon, min(touched_at) as received_at,
        max(case when touch_type = 'claim' then 1 else 0 end) as is_claimed
    from coupons
    where customer_id is not null and touch_type in ('coupon_issued', 'claim')
    group by 1, 2, 3

),

used as (

    select received.customer_id, received.campaign, received.coupon, min(coupons.touched_at) as redeemed_at
    from received
    inner join coupons
        on coupons.touch_type = 'redeem' and received.customer_id = coupons.customer_id and received.coupon = coupons.coupon
        and received.received_at <= coupons.touched_at
    group by 1, 2, 3

),

bought as (

    select
        received.customer_id, received.campaign, received.coupon,
        max(case when conversions.converted_at < received.received_at then 1 else 0 end) as bought_before,
        sum(case when conversions.converted_at >= received.received_at
            and {{ seconds_between('received.received_at', 'conversions.converted_at') }} <= {{ var('coupon_result_days') }} * 86400 then 1 else 0 end) as orders,
        sum(case when conversions.converted_at >= received.received_at
            and {{ seconds_between('received.received_at', 'conversions.converted_at') }} <= {{ var('coupon_result_days') }} * 86400
            then conversions.net_revenue_cny end) as net_revenue_cny
    from received
    inner join {{ ref('int_conversions') }} as conversions on received.customer_id = conversions.customer_id
    group by 1, 2, 3

),

persons as (

    select
        cast({{ dbt.date_trunc('month', 'received.received_at') }} as date) as month, received.campaign, received.coupon,
        case when coalesce(bought.bought_before, 0) = 1 then 'returning' else 'first_time' end as audience,
        received.is_claimed, used.redeemed_at,
        {{ days_between('received.received_at', 'used.redeemed_at') }} as days_to_redeem,
        coalesce(bought.orders, 0) as orders, coalesce(bought.net_revenue_cny, 0) as net_revenue_cny
    from received
    left join used on received.customer_id = used.customer_id and received.campaign = used.campaign and received.coupon = used.coupon
    left join bought on received.customer_id = bought.customer_id and received.campaign = bought.campaign and received.coupon = bought.coupon

),

summed as (

    select
        month, campaign, coupon, audience,
        count(*) as persons, sum(is_claimed) as claimed_persons, count(redeemed_at) as redeemed_persons, median(days_to_redeem) as median_days,
        sum(case when orders > 0 then 1 else 0 end) as buyers, sum(orders) as orders, sum(net_revenue_cny) as net_revenue_cny,
        sum(case when redeemed_at is not null then net_revenue_cny else 0 end) as redeemer_revenue_cny
    from (select * from persons union all select month, campaign, coupon, 'all', is_claimed, redeemed_at, days_to_redeem, orders, net_revenue_cny from persons) as levels
    group by 1, 2, 3, 4

)

select
    -- the row
    month,
    cast(campaign as string) as campaign,
    cast(coupon as string) as coupon,
    audience,
    -- who got and used it
    cast(persons as bigint) as persons,
    cast(claimed_persons as bigint) as claimed_persons,
    cast(redeemed_persons as bigint) as redeemed_persons,
    cast(cast(redeemed_persons as double) / persons as decimal(9, 8)) as redemption_rate,
    cast({{ wilson('redeemed_persons', 'persons', 'low') }} as decimal(9, 8)) as redemption_low,
    cast({{ wilson('redeemed_persons', 'persons', 'high') }} as decimal(9, 8)) as redemption_high,
    cast(median_days as decimal(18, 2)) as median_days_to_redeem,
    -- what they bought after
    {% set mature = days_between("cast(month + interval '1' month as date)", 'as_of.as_of_on') ~ ' >= ' ~ var('coupon_result_days') %}
    case when {{ mature }} then cast(buyers as bigint) end as buyers_30d,
    case when {{ mature }} then cast(orders as bigint) end as orders_30d,
    case when {{ mature }} then cast(net_revenue_cny as decimal(18, 2)) end as net_revenue_30d_cny,
    case when {{ mature }} then cast(redeemer_revenue_cny as decimal(18, 2)) end as redeemer_revenue_30d_cny,
    {{ mature }} as is_mature
from summed
cross join as_of
