-- How much the brand knows of a customer: a phone, a place, a birth month, a membership level, a purchase. One point each.
with members as (

    select
        customer_id,
        max(case when birth_month is not null then 1 else 0 end) as has_birth_month,
        max(case when level is not null then 1 else 0 end) as has_level,
        max(case when coalesce(city, province) is not null then 1 else 0 end) as has_place
    from {{ ref('int_members') }}
    where customer_id is not null
    group by 1

),

phones as (

    select distinct records.customer_id
    from {{ ref('int_identity_keys') }} as known
    inner join {{ ref('int_record_customers') }} as records on known.record_key = records.record_key
    where known.key_type = 'phone' and known.key_class = 'ok'

)

select
    customers.customer_id,
    cast(5 as bigint) as fields,
    cast(case when phones.customer_id is not null then 1 else 0 end
        + greatest(coalesce(members.has_place, 0), case when orders.province is not null then 1 else 0 end)
        + coalesce(members.has_birth_month, 0) + coalesce(members.has_level, 0)
        + case when orders.paid_orders > 0 then 1 else 0 end as bigint) as known_fields
from {{ ref('int_customers') }} as customers
left join members on customers.customer_id = members.customer_id
left join phones on customers.customer_id = phones.customer_id
left join {{ ref('int_customer_orders') }} as orders on customers.customer_id = orders.customer_id
