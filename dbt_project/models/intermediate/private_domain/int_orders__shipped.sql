-- Paid consumer orders that were sent out from outside the private domain: what a parcel card can ride on.
-- Several platforms do not say when they shipped; then the day of payment stands for it.
select
    order_key, platform, coalesce(shop, '') as shop, customer_id,
    coalesce(shipped_at, paid_at) as shipped_at,
    cast({{ dbt.date_trunc('month', 'coalesce(shipped_at, paid_at)') }} as date) as month
from {{ ref('int_orders') }}
where is_paid and order_class = 'consumer_sale' and coalesce(domain, 'public') <> 'private'
    and (shipped_at is not null or order_status in ('shipped', 'completed'))
