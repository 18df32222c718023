-- What would be left of a platform's customers if it closed its doors: who could still be reached in the pond. Low counts
-- matched people only; high adds, as far as the others go, contacts that channel codes brought but no order matches.
with orders as (

    select
        platform,
        customer_id,
        count(*) as orders,
        sum(net_revenue_cny) as net_revenue_cny
    from {{ ref('int_purchases') }}
    group by 1, 2

),

reach as (

    select customer_id, max(case when is_reachable then 1 else 0 end) as is_reachable
    from {{ ref('int_contacts') }}
    where domain = 'private' and customer_id is not null
    group by 1

),

unmatched as (

    select count(distinct coalesce(contacts.customer_id, contacts.relation_key)) as contacts
    from {{ ref('int_contacts') }} as contacts
    left join (select distinct customer_id from {{ ref('int_purchases') }} where customer_id is not null) as buyers
        on contacts.customer_id = buyers.customer_id
    inner join {{ ref('int_contacts__coded') }} as codes on contacts.contact_key = codes.contact_key
    where contacts.is_reachable and buyers.customer_id is null

),

-- followers belong to the platform: counted by it, or known one by one
followers as (

    select platform, sum(followers) as followers
    from (
        select platform, value as followers,
            row_number() over (partition by platform, account order by on_date desc, metric_key) as place
        from {{ ref('int_metrics') }}
        where metric = 'followers' and object_type = 'account'
        union all
        select channels.platform, cast(count(distinct contacts.relation_key) as decimal(38, 8)), 1
        from {{ ref('int_contacts') }} as contacts
        inner join {{ ref('channels') }} as channels on contacts.channel = channels.channel and channels.domain = 'public'
        where contacts.closed_at is null
        group by channels.platform
    ) as told
    where place = 1
    group by 1

),

summed as (

    select
        orders.platform,
        sum(orders.orders) as orders,
        sum(case when orders.customer_id is null then orders.orders else 0 end) as unidentified_orders,
        count(orders.customer_id) as customers,
        sum(case when orders.customer_id is not null then coalesce(reach.is_reachable, 0) else 0 end) as reachable,
        sum(orders.net_revenue_cny) as net_revenue_cny,
        sum(case when coalesce(reach.is_reachable, 0) = 0 then orders.net_revenue_cny end) as at_risk_cny
    from orders
    left join reach on orders.customer_id = reach.customer_id
    group by 1

)

select
    coalesce(summed.platform, followers.platform) as platform,
    -- people and money
    cast(case when customers > 0 then customers end as bigint) as customers,
    cast(coalesce(orders, 0) as bigint) as orders,
    cast(case when summed.platform is null then 0 else net_revenue_cny end as decimal(18, 2)) as net_revenue_cny,
    -- who could still be reached
    cast(cast(reachable as double) / nullif(customers, 0) as decimal(9, 8)) as reachable_share_low,
    case when customers > 0 then cast(least(cast(reachable + unmatched.contacts as double) / customers, 1) as decimal(9, 8)) end as reachable_share_high,
    cast(cast(unidentified_orders as double) / nullif(orders, 0) as decimal(9, 8)) as unknown_share,
    cast(coalesce(at_risk_cny, 0) as decimal(18, 2)) as at_risk_revenue_cny,
    cast(followers.followers as bigint) as followers_lost
from summed
full outer join followers on summed.platform = followers.platform
cross join unmatched
