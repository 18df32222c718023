-- Paid consumer sales with the traffic fields of their own rows, what they earned and what is known of their costs: what live rooms, creators
-- and traffic sources are measured by. One row per paid consumer_sale.
with costs as (

    select
        order_key,
        sum(case when cost_type in ({{ quoted_list(var('commission_cost_types')) }}) then amount_cny else 0 end) as commission_cny,
        max(case when cost_type in ({{ quoted_list(var('goods_cost_types')) }}) then 1 else 0 end) as has_goods_cost
    from {{ ref('int_order_costs') }}
    group by 1

)

select
    orders.order_key,
    orders.platform,
    coalesce(orders.account, '') as account,
    orders.customer_id,
    -- times
    orders.ordered_at,
    cast(orders.ordered_at as date) as ordered_on,
    cast(orders.paid_at as date) as paid_on,
    -- what the order's own row says of its way
    case when orders.traffic_pending then 'pending' else orders.traffic_channel end as traffic_channel,
    orders.traffic_campaign,
    orders.traffic_creator,
    orders.traffic_type,
    creators.creator,
    -- amounts
    orders.receivable_cny,
    orders.refunded_cny,
    orders.net_revenue_cny,
    cast(coalesce(costs.commission_cny, 0) as decimal(18, 2)) as commission_cny,
    orders.contribution_cny,
    -- a contribution without the cost of the goods is a revenue under another name
    orders.contribution_cny is not null and coalesce(costs.has_goods_cost, 0) = 1 as is_costed,
    orders.net_revenue_cny is null or orders.refund_matures_on is null or orders.refund_matures_on > {{ as_of() }} as is_provisional
from {{ ref('int_orders') }} as orders
left join costs on orders.order_key = costs.order_key
left join {{ ref('int_creators') }} as creators
    on orders.platform = creators.platform and coalesce(orders.creator_id, orders.creator_name) = creators.alias
where orders.is_paid and orders.order_class = 'consumer_sale'
