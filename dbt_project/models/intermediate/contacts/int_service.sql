-- Complaints, reviews, replies: the evidence of the trust loop, by customer where the record or its order tells who. What speaks of the twin of a
-- sale that two systems tell speaks of the order that stands.
select
    service.service_key, service.record_key,
    case when doubled.order_key is null then service.order_key else doubled.kept_order_key end as order_key,
    coalesce(customers.customer_id, orders.customer_id) as customer_id,
    service.channel, service.staff_id, service.service_kind, service.outcome, service.score, service.happened_at, service.resolved_at
from {{ union_feeds('service') }} as service
left join {{ ref('int_record_customers') }} as customers on service.record_key = customers.record_key
left join {{ ref('int_orders__doubled') }} as doubled on service.order_key = doubled.order_key
left join {{ ref('int_orders') }} as orders on coalesce(doubled.kept_order_key, service.order_key) = orders.order_key
