-- How each order of a known buyer went, by the gravest thing known of it: an open complaint, a settled one, money given back, a
-- bad review, a good one; else it went smoothly. And who sold it: a guide, a customer who recommended it, an anchor.
with sales as (

    select
        purchases.order_key, purchases.customer_id, purchases.paid_on, conversions.converted_at,
        coalesce(orders.entry_channel, orders.platform) as channel, orders.entry_channel, orders.traffic_type, orders.traffic_creator
    from {{ ref('int_purchases') }} as purchases
    inner join {{ ref('int_conversions') }} as conversions on purchases.order_key = conversions.order_key
    inner join {{ ref('int_orders') }} as orders on purchases.order_key = orders.order_key
    where purchases.customer_id is not null

),

-- evidence that names no order speaks of the last one before it
told as (

    select
        service_key, service_kind, outcome, order_key,
        row_number() over (partition by service_key order by converted_at desc, order_key) as place
    from (
        select service.service_key, service.service_kind, service.outcome, sales.order_key, sales.converted_at
        from {{ ref('int_service') }} as service
        inner join sales on service.order_key = sales.order_key
        union all
        select service.service_key, service.service_kind, service.outcome, sales.order_key, sales.converted_at
        from {{ ref('int_service') }} as service
        inner join sales
            on service.customer_id = sales.customer_id and sales.converted_at <= service.happened_at
            and {{ seconds_between('sales.converted_at', 'service.happened_at') }} <= {{ var('trust_evidence_days') }} * 86400
        where service.order_key is null
    ) as about

),

heard as (

    select
        order_key,
        max(case when service_kind = 'complaint' and coalesce(outcome, '') not in ('resolved', 'refunded') then 1 else 0 end) as is_open,
        max(case when service_kind = 'complaint' then 1 else 0 end) as is_complaint,
        max(case when service_kind = 'review' and outcome = 'negative' then 1 else 0 end) as is_bad,
        max(case when service_kind = 'review' and outcome = 'positive' then 1 else 0 end) as is_good
    from told
    where place = 1
    group by 1

),

refunds as (

    select order_key, refund_kind, row_number() over (partition by order_key order by sum(amount_cny) desc, refund_kind) as place
    from {{ ref('int_refunds') }}
    where is_succeeded and amount_cny > 0
    group by order_key, refund_kind

),

guided as (

    select distinct order_key from {{ ref('int_order_costs') }} where cost_type = 'guide_commission'

),

recommended as (

    select distinct order_key from {{ ref('int_paths') }} where channel = 'referral'

),

-- the group of the line that weighs most
grouped as (

    select
        lines.order_key, products.product_group,
        row_number() over (partition by lines.order_key order by lines.line_net_cny desc nulls last, lines.line_key) as place
    from {{ ref('int_order_lines') }} as lines
    inner join (
        select product_code, min(product_group) as product_group from {{ ref('int_products__unioned') }} where product_group is not null group by 1
    ) as products on lines.product_code = products.product_code

)

select
    sales.order_key,
    sales.customer_id,
    sales.paid_on,
    sales.channel,
    coalesce(grouped.product_group, 'unknown') as product_group,
    case
        when sales.entry_channel = 'guide' or guided.order_key is not null then 'guide'
        when recommended.order_key is not null then 'koc'
        when sales.traffic_type = 'live_view' or sales.traffic_creator is not null then 'anchor'
        else 'none'
    end as seller,
    case
        when heard.is_open = 1 then 'complaint_open'
        when heard.is_complaint = 1 then 'complaint_resolved'
        when refunds.order_key is not null then 'refunded'
        when heard.is_bad = 1 then 'review_negative'
        when heard.is_good = 1 then 'review_positive'
        else 'smooth'
    end as outcome,
    refunds.refund_kind
from sales
left join heard on sales.order_key = heard.order_key
left join refunds on sales.order_key = refunds.order_key and refunds.place = 1
left join guided on sales.order_key = guided.order_key
left join recommended on sales.order_key = recommended.order_key
left join grouped on sales.order_key = grouped.order_key and grouped.place = 1
