-- One row per order, any platform: times, status, class, money to the cent, and whose it is.
{%- set proxied_or_hint = "case when proxies.record_key is not null then 'guide_proxy' else orders.class_hint end" %}
with ranked as (

    select
        orders.*,
        {{ place_among_records() }} as place
    from {{ ref('int_orders__unioned') }} as orders

),

listed as (

    select order_key, sum(list_cny) as list_cny
    from {{ ref('int_order_lines__unioned') }}
    group by order_key

),

costs as (

    select
        order_key,
        sum(amount_cny) as cost_cny,
        case when min(basis) = max(basis) then min(basis) else 'mixed' end as basis,
        {{ array_to_string(collect_sorted('cost_type')) }} as cost_types
    from {{ ref('int_order_costs') }}
    group by order_key

),

completed as (

    select
        orders.order_key, orders.platform, orders.shop, orders.account, orders.order_id, orders.record_key,
        orders.entrance as entry_channel,
        coalesce(channels.domain, domains.domain) as domain,
        customers.customer_id,
        orders.ordered_at, orders.deposit_paid_at,
        case when orders.is_paid then coalesce(orders.paid_at, orders.ordered_at) end as paid_at,
        orders.shipped_at, orders.confirmed_at, orders.order_status, coalesce(orders.is_paid, false) as is_paid,
        coalesce(orders.list_cny, listed.list_cny) as list_cny, orders.merchant_discount_cny, orders.platform_subsidy_cny,
        orders.buyer_paid_cny, orders.receivable_cny, orders.freight_cny, orders.deposit_cny, orders.money_flag,
        refunds.refunded_cny, refunds.refunds_known_from,
        {{ order_class('coalesce(rulings.verdict, twins.verdict)', 'coalesce(orders.memo_tags, twins.memo_tags)', 'orders.buyer_paid_cny', proxied_or_hint) }}
            as order_class,
        coalesce(orders.memo_tags, twins.memo_tags) as memo_tags, coalesce(orders.is_anonymous, false) as is_anonymous, orders.province, orders.city,
        {% for field in ['campaign', 'content', 'creator', 'type', 'channel'] -%}
        case when orders.traffic_channel is not null then orders.traffic_{{ field }} else twins.traffic_{{ field }} end as traffic_{{ field }},
        {% endfor -%}
        coalesce(orders.traffic_pending, false) and twins.traffic_channel is null as traffic_pending,
        coalesce(orders.creator_id, twins.creator_id) as creator_id,
        coalesce(orders.creator_name, twins.creator_name) as creator_name,
        costs.cost_cny, costs.basis as cost_basis, costs.cost_types, orders.exported_at
    from ranked as orders
    left join {{ ref('int_orders__refunded') }} as refunds on orders.order_key = refunds.order_key
    left join {{ ref('int_record_customers') }} as customers on orders.record_key = customers.record_key
    left join {{ ref('int_identity_proxies') }} as proxies on orders.record_key = proxies.record_key
    left join {{ ref('int_rulings') }} as rulings on rulings.ruling_kind = 'order_class' and rulings.subject = orders.order_key
    left join {{ ref('channels') }} as channels on orders.entrance = channels.channel
    left join {{ platform_domains() }} as domains on orders.platform = domains.platform
    left join listed on orders.order_key = listed.order_key
    left join costs on orders.order_key = costs.order_key
    left join {{ ref('int_orders__doubled') }} as doubled on orders.order_key = doubled.order_key
    left join {{ ref('int_orders__told_again') }} as twins on orders.order_key = twins.order_key
    where orders.place = 1 and doubled.order_key is null

),

netted as (

    select
        completed.*,
        case
            when not is_paid then 'unpaid'
            when refunds_known_from = 'missing' then 'refunds_missing'
            else 'known'
        end as net_status,
        case when not is_paid then 0 else receivable_cny - refunded_cny end as net_revenue_cny,
        case when is_paid then coalesce(deposit_paid_at, paid_at) end as converted_at,
        is_paid and order_class = 'consumer_sale' and customer_id is not null as is_customer_order
    from completed

)

select
    -- ids
    order_key, platform, shop, account, order_id, record_key, entry_channel, domain, customer_id,
    -- times
    ordered_at, deposit_paid_at, paid_at, converted_at, shipped_at, confirmed_at, exported_at,
    cast(coalesce(confirmed_at + interval '{{ var("refund_matures_after_confirm_days") }}' day,
        paid_at + interval '{{ var("refund_matures_after_paid_days") }}' day) as date) as refund_matures_on,
    -- state
    order_status, order_class, is_paid, is_anonymous, money_flag, memo_tags, province, city,
    -- amounts
    cast(list_cny as decimal(18,2)) as list_cny,
    cast(coalesce(merchant_discount_cny,
        case when is_paid then greatest(list_cny + coalesce(freight_cny, 0) - receivable_cny, 0) end) as decimal(18,2)) as merchant_discount_cny,
    cast(coalesce(platform_subsidy_cny, 0) as decimal(18,2)) as platform_subsidy_cny,
    cast(buyer_paid_cny as decimal(18,2)) as buyer_paid_cny,
    cast(receivable_cny as decimal(18,2)) as receivable_cny,
    cast(freight_cny as decimal(18,2)) as freight_cny,
    cast(deposit_cny as decimal(18,2)) as deposit_cny,
    cast(refunded_cny as decimal(18,2)) as refunded_cny,
    refunds_known_from,
    cast(net_revenue_cny as decimal(18,2)) as net_revenue_cny,
    net_status,
    cast(case when is_paid and cost_cny is not null then net_revenue_cny - cost_cny end as decimal(18,2)) as contribution_cny,
    case when is_paid and cost_cny is not null then cost_basis end as contribution_basis,
    case when is_paid and cost_cny is not null then cost_types end as contribution_costs,
    -- the order's own traffic fields
    traffic_channel, traffic_campaign, traffic_content, traffic_creator, traffic_type, traffic_pending, creator_id, creator_name,
    -- place in the customer's life
    cast(case when is_customer_order then row_number() over (
        partition by customer_id, is_customer_order order by converted_at, paid_at, order_key
    ) end as bigint) as customer_order_number
from netted
