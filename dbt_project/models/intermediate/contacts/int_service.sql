-- Complaints, reviews, replies: the evidence of the trust loop, by customer where the record or its order tells who.
select
    service.service_key, service.record_key, service.order_key,
    coalesce(customers.customer_id, orders.customer_id) as customer_id,
    service.channel, service.staff_id, service.service_kind, service.outcome, service.score, service.happened_at, service.resolved_at
from {{ union_feeds('service') }} as service
left join {{ ref('int_record_customers') }} as customers on service.record_key = customers.record_key
left join {{ ref('int_orders') }} as orders on service.order_key = orders.order_key
