-- Refund events. Where a platform tells only a sum in the order row, the part that no event explains is one row without times,
-- so that the succeeded refunds of an order always add up to its refunded amount.
with events as (

    select * from {{ ref('int_refunds__told') }}

),

succeeded as (

    select order_key, sum(amount_cny) as amount_cny
    from events
    where succeeded_at is not null
    group by order_key

),

unexplained as (

    select
        orders.order_key || ':' || orders.refunds_known_from as refund_key,
        orders.order_key,
        cast(null as string) as line_key,
        orders.platform,
        case when orders.shipped_at is null and orders.order_status in ('closed', 'paid_unshipped') then 'pre_ship' else 'unspecified' end as refund_kind,
        cast(orders.refunded_cny - coalesce(succeeded.amount_cny, 0) as decimal(18,2)) as amount_cny,
        cast(null as timestamp) as applied_at,
        cast(null as timestamp) as succeeded_at,
        cast(null as string) as borne_by,
        cast(null as string) as reason,
        orders.exported_at as known_at
    from {{ ref('int_orders') }} as orders
    left join succeeded on orders.order_key = succeeded.order_key
    where orders.is_paid and orders.refunded_cny <> coalesce(succeeded.amount_cny, 0)

)

select
    refund_key, order_key, line_key, platform, refund_kind, amount_cny, applied_at, succeeded_at, borne_by, reason, known_at,
    succeeded_at is not null as is_succeeded, true as is_event
from events
union all
select
    refund_key, order_key, line_key, platform, refund_kind, amount_cny, applied_at, succeeded_at, borne_by, reason, known_at,
    true as is_succeeded, false as is_event
from unexplained
