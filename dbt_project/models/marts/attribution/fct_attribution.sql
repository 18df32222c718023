-- The ledger: which touch earned which yuan of every paid consumer order, model by model.
-- Credit says who, money says how much: refunds change the money and never the credit. Both are shared by largest
-- remainder, so the rows of an order add up to exactly 1 and to exactly its net revenue.
{% set credited_columns = [
    'order_key', 'customer_id', 'platform', 'paid_on', 'net_cents', 'receivable_cny', 'is_new_customer', 'is_provisional',
    'model', 'applied_model', 'touch_key', 'credit_units', 'touched_at', 'channel', 'domain', 'campaign', 'content', 'touch_type', 'evidence',
] %}
with as_of as (

    select max(as_of_on) as as_of_on from {{ source('lake', 'context') }}

),

orders as (

    select
        order_key,
        customer_id,
        platform,
        paid_on,
        traffic_pending,
        receivable_cny,
        net_revenue_cny,
        {{ cents('net_revenue_cny') }} as net_cents,
        coalesce(customer_order_number = 1, false) as is_new_customer,
        net_revenue_cny is null or refund_matures_on is null or refund_matures_on > as_of.as_of_on as is_provisional
    from {{ ref('int_conversions') }}
    cross join as_of

),

credited as (

    select
        orders.order_key, orders.customer_id, orders.platform, orders.paid_on, orders.net_cents,
        orders.receivable_cny, orders.is_new_customer, orders.is_provisional,
        credits.model, credits.applied_model, credits.touch_key, credits.credit_units,
        paths.touched_at, paths.channel, paths.domain, paths.campaign, paths.content, paths.touch_type, paths.evidence
    from (
        select order_key, model, model as applied_model, touch_key, credit_units from {{ ref('int_paths__credited') }}
        union all
        select order_key, model, applied_model, touch_key, credit_units from {{ data_driven_credit() }} as fitted
    ) as credits
    inner join orders on credits.order_key = orders.order_key
    inner join {{ ref('int_paths') }} as paths
        on credits.order_key = paths.order_key and credits.touch_key = paths.touch_key

),

-- a touch that earns the whole order has nobody to share its cents with
sharing as (

    select * from credited where credit_units < 100000000

),

earned as (

    select {{ credited_columns | join(', ') }}, net_cents as earned_cents from credited where credit_units = 100000000
    union all
    select {{ credited_columns | join(', ') }}, earned_cents
    from {{ largest_remainder('sharing', ['order_key', 'model'], 'net_cents', 'credit_units', 'touched_at, touch_key', 'earned_cents') }}
        as shared

),

with_touch as (

    select
        order_key, customer_id, platform, model, applied_model, touch_key, touched_at, channel, domain, campaign, content, touch_type, evidence,
        cast(cast(credit_units as decimal(10, 0)) * cast(0.00000001 as decimal(9, 8)) as decimal(9, 8)) as credit,
        {{ yuan('earned_cents') }} as attributed_revenue_cny,
        paid_on, receivable_cny, is_new_customer, is_provisional
    from earned

),

without_touch as (

    select
        orders.order_key, orders.customer_id, orders.platform, models.model, models.model as applied_model,
        cast(null as string) as touch_key,
        cast(null as timestamp) as touched_at,
        case
            when orders.traffic_pending then 'pending'
            when orders.customer_id is null then 'unidentified'
            else 'no_touch'
        end as channel,
        cast(null as string) as domain,
        cast(null as string) as campaign,
        cast(null as string) as content,
        cast(null as string) as touch_type,
        'none' as evidence,
        cast(1 as decimal(9, 8)) as credit,
        cast(orders.net_revenue_cny as decimal(18, 2)) as attributed_revenue_cny,
        orders.paid_on, orders.receivable_cny, orders.is_new_customer,
        orders.is_provisional or orders.traffic_pending as is_provisional
    from orders
    cross join {{ attribution_models() }} as models
    left join (select distinct order_key from {{ ref('int_paths') }}) as touched on orders.order_key = touched.order_key
    where touched.order_key is null

),

final as (

    select * from with_touch
    union all
    select * from without_touch

)

select
    -- ids
    order_key,
    customer_id,
    model,
    applied_model,
    touch_key,
    -- the touch
    platform,
    touched_at,
    channel,
    domain,
    campaign,
    content,
    touch_type,
    evidence,
    -- the share
    credit,
    attributed_revenue_cny,
    cast(credit * cast(receivable_cny as decimal(18, 2)) as decimal(28, 10)) as attributed_receivable_cny,
    paid_on,
    -- what it tells
    is_new_customer,
    is_provisional
from final
