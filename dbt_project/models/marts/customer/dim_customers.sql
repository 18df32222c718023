-- The customers: who they are to the brand, where they came from, what they brought, how they can be reached.
with known as (

    select
        customers.customer_id,
        customers.first_seen_at,
        customers.key_count,
        coalesce(orders.paid_orders, 0) as paid_orders,
        coalesce(orders.purchase_days, 0) as purchase_days,
        coalesce(orders.recent_purchase_days, 0) as recent_purchase_days,
        case when orders.purchase_days > 0 then {{ order_probability(
            'fit', '(orders.purchase_days - 1)', days_between('orders.first_purchase_on', 'orders.last_purchase_on'),
            '(' ~ days_between('orders.first_purchase_on', as_of()) ~ ' + 1)', var('core_window_days')
        ) }} end as order_probability,
        coalesce(contacts.private_channels, 0) as private_channels,
        coalesce(brought.brought_buyers, 0) as brought_buyers,
        coalesce(deeds.has_interacted, false) as has_interacted,
        coalesce(deeds.has_created, false) as has_created,
        orders.first_order_at, orders.last_order_at, orders.net_revenue_cny, orders.platforms,
        acquisition.acquisition_channel, acquisition.acquisition_domain,
        contacts.joined_private_at, contacts.is_in_private_domain, contacts.is_reachable, contacts.is_reachable_paid,
        contacts.reachable_channels, contacts.is_held_by_agent,
        rfm.rfm_segment,
        golden.first_channel, golden.first_channel_source, golden.member_level, golden.member_level_source, golden.province, golden.city,
        golden.place_source, golden.birth_month, golden.birth_month_source, golden.consent_sms, golden.consent_sms_source
    from {{ ref('int_customers') }} as customers
    left join {{ ref('int_customer_orders') }} as orders on customers.customer_id = orders.customer_id
    left join {{ ref('int_customer_contacts') }} as contacts on customers.customer_id = contacts.customer_id
    left join {{ ref('int_customer_acquisition') }} as acquisition on customers.customer_id = acquisition.customer_id
    left join {{ ref('int_customer_rfm') }} as rfm on customers.customer_id = rfm.customer_id
    left join {{ ref('int_customer_brought') }} as brought on customers.customer_id = brought.customer_id
    left join {{ ref('int_customer_co_creation') }} as deeds on customers.customer_id = deeds.customer_id
    left join {{ ref('int_customer_golden') }} as golden on customers.customer_id = golden.customer_id
    cross join {{ published_lifetime_model() }} as fit

)

select
    -- who
    cast(customer_id as string) as customer_id,
    cast(case
        when paid_orders > 0 then 'buyer'
        when joined_private_at is not null then 'contact'
        else 'visitor'
    end as string) as customer_type,
    -- times
    cast(first_seen_at as timestamp) as first_seen_at,
    cast(first_order_at as timestamp) as first_order_at,
    cast(last_order_at as timestamp) as last_order_at,
    -- purchases
    cast(paid_orders as bigint) as paid_orders,
    cast(purchase_days as bigint) as purchase_days,
    cast(coalesce(net_revenue_cny, 0) as decimal(18,2)) as net_revenue_cny,
    cast(coalesce(platforms, '') as string) as platforms,
    -- origin
    cast(acquisition_channel as string) as acquisition_channel,
    cast(acquisition_domain as string) as acquisition_domain,
    cast(first_channel as string) as first_channel,
    cast(first_channel_source as string) as first_channel_source,
    -- the pond
    cast(coalesce(is_in_private_domain, false) as boolean) as is_in_private_domain,
    cast(joined_private_at as timestamp) as joined_private_at,
    cast(coalesce(is_reachable, false) as boolean) as is_reachable,
    cast(coalesce(is_reachable_paid, false) as boolean) as is_reachable_paid,
    cast(coalesce(reachable_channels, '') as string) as reachable_channels,
    -- standing
    cast(case
        when coalesce(order_probability >= {{ var('core_order_probability') }}, recent_purchase_days >= {{ var('core_purchase_days') }}) then 'core'
        when purchase_days > 0 then 'value'
        when brought_buyers > 0 or private_channels >= {{ var('seed_active_channels') }} then 'seed'
        when {{ days_between('first_seen_at', as_of()) }} <= {{ var('new_within_days') }} then 'new'
        else 'regular'
    end as string) as tier,
    cast(rfm_segment as string) as rfm_segment,
    cast(case
        when paid_orders = 0 then null
        when brought_buyers > 0 then 'brings_buyers'
        when has_created then 'creates_content'
        when has_interacted then 'interacts'
        else 'buys'
    end as string) as co_creation_stage,
    cast(paid_orders > 0 and brought_buyers > 0 and not coalesce(is_held_by_agent, false) as boolean) as is_koc,
    cast(brought_buyers as bigint) as brought_buyers,
    -- the golden record
    cast(member_level as string) as member_level,
    cast(member_level_source as string) as member_level_source,
    cast(province as string) as province,
    cast(city as string) as city,
    cast(place_source as string) as place_source,
    cast(birth_month as bigint) as birth_month,
    cast(birth_month_source as string) as birth_month_source,
    cast(consent_sms as string) as consent_sms,
    cast(consent_sms_source as string) as consent_sms_source,
    cast(key_count as bigint) as key_count
from known
