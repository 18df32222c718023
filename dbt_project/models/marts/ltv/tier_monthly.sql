-- How people move between tiers from one month's end to the next, by the same rules as dim_customers.tier, read at that day. A published
-- lifetime model judges every month's end with the parameters of today, so that a move is a person's and never the model's.
with as_of as (

    select max(as_of_on) as as_of_on from {{ source('lake', 'context') }}

),

customers as (

    select customer_id, cast(first_seen_at as date) as first_seen_on
    from {{ ref('dim_customers') }}

),

months as (

    select
        cast({{ dbt.date_trunc('month', 'on_date') }} as date) as month,
        max(on_date) as last_day,
        cast(max(on_date) + interval '1' day as timestamp) as ends_at
    from {{ days_from_to('(select min(first_seen_on) from customers)', as_of()) }} as days
    group by 1

),

-- the days on which somebody bought, each counted from its first payment on: few enough to look at from every month's end
purchase_days as (

    select customer_id, purchase_on, min(paid_on) as paid_on
    from {{ ref('int_purchases') }}
    where customer_id is not null
    group by 1, 2

),

-- who was in several private channels at once, which counts as strong interaction
held as (

    select persons.month, persons.holder as customer_id
    from {{ ref('int_pool_persons') }} as persons
    inner join {{ ref('int_pool_reaches') }} as reaches on persons.held = reaches.reach and reaches.place = 1
    where reaches.channels >= {{ var('seed_active_channels') }}

),

brought as (

    select distinct months.month, referrals.inviter_customer_id as customer_id
    from months
    inner join {{ ref('int_referrals') }} as referrals on referrals.invited_at < months.ends_at
    inner join {{ ref('int_purchases') }} as purchases
        on referrals.invitee_customer_id = purchases.customer_id and purchases.paid_on <= months.last_day
    where referrals.inviter_customer_id <> referrals.invitee_customer_id

),

-- most people bought on one day at most and did nothing else: of those who came and bought on the same days one stands for all
people as (

    select
        customers.first_seen_on,
        case when known.customer_id is not null or bought.purchase_days > 1 then customers.customer_id end as alone,
        bought.paid_on,
        bought.purchase_on,
        min(customers.customer_id) as customer_id,
        count(*) as customers
    from customers
    left join (select customer_id from held union select customer_id from brought) as known on customers.customer_id = known.customer_id
    left join (
        select customer_id, count(*) as purchase_days, min(paid_on) as paid_on, min(purchase_on) as purchase_on
        from purchase_days
        group by 1
    ) as bought on customers.customer_id = bought.customer_id
    group by 1, 2, 3, 4

),

bought as (

    select
        months.month, purchases.customer_id,
        count(purchases.purchase_on) as purchase_days,
        min(purchases.purchase_on) as first_purchase_on,
        max(purchases.purchase_on) as last_purchase_on,
        count(case when {{ days_between('purchases.purchase_on', 'months.last_day') }} < {{ var('core_window_days') }} then purchases.purchase_on end)
            as recent_purchase_days
    from people
    inner join purchase_days as purchases on people.customer_id = purchases.customer_id
    inner join months on purchases.paid_on <= months.last_day
    group by 1, 2

),

tiers as (

    select
        months.month, people.customer_id, people.customers,
        case
            when bought.purchase_days > 0 and coalesce(
                {{ order_probability(
                    'fit', '(bought.purchase_days - 1)', days_between('bought.first_purchase_on', 'bought.last_purchase_on'),
                    '(' ~ days_between('bought.first_purchase_on', 'months.last_day') ~ ' + 1)', var('core_window_days')
                ) }} >= {{ var('core_order_probability') }},
                bought.recent_purchase_days >= {{ var('core_purchase_days') }}
            ) then 'core'
            when bought.purchase_days > 0 then 'value'
            when brought.customer_id is not null or held.customer_id is not null then 'seed'
            when {{ days_between('people.first_seen_on', 'months.last_day') }} <= {{ var('new_within_days') }} then 'new'
            else 'regular'
        end as tier
    from months
    inner join people on people.first_seen_on <= months.last_day
    left join bought on months.month = bought.month and people.customer_id = bought.customer_id
    left join held on months.month = held.month and people.customer_id = held.customer_id
    left join brought on months.month = brought.month and people.customer_id = brought.customer_id
    cross join {{ published_lifetime_model() }} as fit

),

moved as (

    select
        month, customers, tier,
        coalesce(lag(tier) over (partition by customer_id order by month), 'none') as from_tier
    from tiers

)

select
    moved.month,
    moved.from_tier,
    moved.tier as to_tier,
    cast(sum(moved.customers) as bigint) as customers,
    cast(moved.month + interval '1' month as date) <= max(as_of.as_of_on) as is_mature
from moved
cross join as_of
group by 1, 2, 3
