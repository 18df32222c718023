-- The orders of all platforms, with their money to the cent and the customer behind them.
select
    -- ids
    order_key, platform, cast(domain as string) as domain, entry_channel, shop, order_id, cast(customer_id as string) as customer_id,
    -- times
    ordered_at, deposit_paid_at, paid_at, converted_at, shipped_at, confirmed_at, refund_matures_on,
    -- state
    order_status, cast(order_class as string) as order_class, is_paid, is_anonymous, cast(money_flag as string) as money_flag,
    customer_order_number,
    -- amounts
    list_cny, merchant_discount_cny, platform_subsidy_cny, buyer_paid_cny, receivable_cny, freight_cny, deposit_cny, refunded_cny,
    cast(refunds_known_from as string) as refunds_known_from, net_revenue_cny, cast(net_status as string) as net_status,
    contribution_cny, cast(contribution_basis as string) as contribution_basis, cast(contribution_costs as string) as contribution_costs,
    -- place
    province, city
from {{ ref('int_orders') }}
