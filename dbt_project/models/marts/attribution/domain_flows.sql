-- Between river and pond, both ways: who brought the customer, which private channel held them when they bought, and
-- where the order was placed. Orders without a customer keep their money in rows of their own.
with orders as (

    select
        order_key,
        customer_id,
        platform,
        converted_at,
        net_revenue_cny,
        coalesce(entry_channel, 'unknown') as order_channel,
        coalesce(domain, 'unknown') as order_domain
    from {{ ref('int_conversions') }}

),

held as (

    select
        orders.order_key,
        contacts.channel as private_channel,
        {{ days_between('contacts.opened_at', 'orders.converted_at') }} as days_in_pond,
        row_number() over (partition by orders.order_key order by contacts.opened_at, contacts.contact_key) as place
    from orders
    inner join {{ ref('int_contacts') }} as contacts
        on orders.customer_id = contacts.customer_id
        and contacts.opened_at <= orders.converted_at
        and (contacts.closed_at is null or contacts.closed_at > orders.converted_at)
    inner join {{ ref('channels') }} as channels on contacts.channel = channels.channel and channels.domain = 'private'

),

-- what the pond gave back to the river: the buyer was touched in a private channel on the way, and ordered elsewhere
private_steps as (

    select distinct order_key from {{ ref('int_paths') }} where domain = 'private'

),

flows as (

    select
        case when orders.customer_id is null then 'unidentified:' || orders.platform
            else coalesce(customers.acquisition_channel, 'unknown:' || orders.platform) end as acquired_channel,
        case when orders.customer_id is null then 'unidentified' else coalesce(customers.acquisition_domain, 'unknown') end as acquired_domain,
        case when orders.customer_id is null then 'unidentified' else coalesce(held.private_channel, 'none') end as private_channel,
        orders.order_channel,
        orders.order_domain,
        orders.customer_id,
        orders.net_revenue_cny,
        held.days_in_pond,
        orders.order_domain <> 'private' and private_steps.order_key is not null as is_fed_back
    from orders
    left join {{ ref('dim_customers') }} as customers on orders.customer_id = customers.customer_id
    left join held on orders.order_key = held.order_key and held.place = 1
    left join private_steps on orders.order_key = private_steps.order_key

)

select
    -- the flow
    acquired_channel,
    acquired_domain,
    private_channel,
    order_channel,
    order_domain,
    -- how much
    case when private_channel <> 'unidentified' then cast(count(distinct customer_id) as bigint) end as customers,
    cast(count(*) as bigint) as orders,
    cast(sum(net_revenue_cny) as decimal(18, 2)) as net_revenue_cny,
    case when private_channel <> 'unidentified' then cast(count(case when is_fed_back then 1 end) as bigint) end as fed_back_orders,
    case when private_channel <> 'unidentified' then cast(coalesce(sum(case when is_fed_back then net_revenue_cny end), 0) as decimal(18, 2)) end
        as fed_back_revenue_cny,
    cast(median(days_in_pond) as decimal(18, 2)) as median_days
from flows
group by 1, 2, 3, 4, 5
