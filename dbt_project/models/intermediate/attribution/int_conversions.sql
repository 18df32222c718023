-- Which paid orders are one buying decision, and when that decision was made.
-- A conversion begins at its first order; every order of the conversion shares the path that ends there, so no touch
-- can earn credit for an order it came after.
with orders as (

    select
        order_key,
        customer_id,
        platform,
        entry_channel,
        domain,
        deposit_paid_at,
        paid_at,
        coalesce(converted_at, deposit_paid_at, paid_at, ordered_at) as decided_at,
        least(ordered_at, coalesce(converted_at, deposit_paid_at, paid_at, ordered_at)) as ordered_at,
        cast(coalesce(paid_at, converted_at, ordered_at) as date) as paid_on,
        receivable_cny,
        net_revenue_cny,
        refund_matures_on,
        customer_order_number,
        traffic_pending
    from {{ ref('int_orders') }}
    where is_paid and order_class = 'consumer_sale'

),

followed as (

    select
        orders.*,
        lag(decided_at) over (partition by customer_id order by decided_at, order_key) as previous_decided_at
    from orders
    where customer_id is not null

),

started as (

    select
        followed.*,
        case
            when previous_decided_at is null then 1
            when {{ seconds_between('previous_decided_at', 'decided_at') }} > 60 * {{ var('conversion_window_minutes') }} then 1
            else 0
        end as starts_conversion
    from followed

),

numbered as (

    select
        started.*,
        sum(starts_conversion) over (
            partition by customer_id order by decided_at, order_key
            rows between unbounded preceding and current row
        ) as conversion_number
    from started

),

identified as (

    select
        numbered.*,
        min(case when starts_conversion = 1 then order_key end) over (partition by customer_id, conversion_number) as conversion_key,
        min(decided_at) over (partition by customer_id, conversion_number) as converted_at,
        min(ordered_at) over (partition by customer_id, conversion_number) as first_ordered_at
    from numbered

),

final as (

    select
        order_key, conversion_key, customer_id, platform, entry_channel, domain, least(first_ordered_at, converted_at) as ordered_at, converted_at,
        deposit_paid_at, paid_at, paid_on, receivable_cny, net_revenue_cny, refund_matures_on, customer_order_number,
        coalesce(traffic_pending, false) as traffic_pending
    from identified
    union all
    select
        order_key, order_key as conversion_key, customer_id, platform, entry_channel, domain, ordered_at, decided_at as converted_at,
        deposit_paid_at, paid_at, paid_on, receivable_cny, net_revenue_cny, refund_matures_on, customer_order_number,
        coalesce(traffic_pending, false) as traffic_pending
    from orders
    where customer_id is null

)

select * from final
