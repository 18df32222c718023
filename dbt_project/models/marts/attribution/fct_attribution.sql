-- The ledger: which touch earned which yuan of every paid consumer order, model by model.
-- Credit says who, money says how much: refunds change the money and never the credit. Both are shared by largest
-- remainder, so the rows of an order add up to exactly 1 and to exactly its net revenue. Models are columns until both are shared
-- and rows only at the end: the sorts then see each step once, and nothing but numbers.
{% set models = var('attribution_models') %}
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

earned as (

    select * from {{ model_shares() }} as shared

),

-- what is said of step and order is looked up once for all models; a left join, because no step is without either and because an
-- optimizer may do an inner one last, for the row of every model anew
described as (

    select
        earned.*,
        paths.touch_key, paths.touched_at, paths.channel, paths.domain, paths.campaign, paths.content, paths.touch_type, paths.evidence,
        orders.customer_id, orders.platform, orders.paid_on, orders.receivable_cny, orders.is_new_customer, orders.is_provisional
    from earned
    left join {{ ref('int_paths') }} as paths on earned.order_key = paths.order_key and earned.step = paths.step
    left join orders on earned.order_key = orders.order_key

),

listed as (

    select
        described.*,
        models.model,
        case models.model{% for model in models %} when '{{ model }}' then {{ model }}_units{% endfor %} end as credit_units,
        case models.model{% for model in models %} when '{{ model }}' then {{ model }}_cents{% endfor %} end as earned_cents
    from described
    cross join {{ attribution_models() }} as models

),

with_touch as (

    select
        order_key, customer_id, platform, model,
        case when model = 'data_driven' and fit.neutral_strength is null then 'time_decay' else model end as applied_model,
        touch_key, touched_at, channel, domain, campaign, content, touch_type, evidence,
        cast(cast(credit_units as decimal(10, 0)) * cast(0.00000001 as decimal(9, 8)) as decimal(9, 8)) as credit,
        {{ yuan('earned_cents') }} as attributed_revenue_cny,
        paid_on, receivable_cny, is_new_customer, is_provisional
    from listed
    cross join {{ fitted_strengths() }} as fit
    where credit_units > 0

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
