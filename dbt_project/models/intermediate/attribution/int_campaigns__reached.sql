-- Whom the brand meant with what it sent and with its member days: who got it, who did not, who was left out on purpose, and
-- what each did afterwards. Orders are all orders of the person in 7 days, not credit: that is the ledger's.
with messages as (

    select
        channel, campaign, customer_id, coalesce(customer_id, 'touch ' || touch_key) as person,
        touched_at, touch_type, is_eligible, cost_cny
    from {{ ref('int_touches') }}
    where channel is not null and campaign is not null and touched_at is not null and order_key is null

),

meant as (

    select
        messages.channel, messages.campaign, messages.person,
        max(messages.customer_id) as customer_id,
        min(case when touch_type in ('sent', 'delivered', 'moment_visible', 'impression') or is_eligible then touched_at end) as reached_at,
        min(case when touch_type = 'held_out' then touched_at end) as held_out_at,
        min(touched_at) as meant_at,
        min(case when is_eligible then touched_at end) as responded_at,
        sum(cost_cny) as cost_cny
    from messages
    inner join {{ ref('int_campaigns__sent') }} as campaigns on messages.channel = campaigns.channel and messages.campaign = campaigns.campaign
    group by 1, 2, 3

),

people as (

    select
        'send' as campaign_kind, channel, campaign, person, customer_id,
        case when reached_at is not null then 'reached' when held_out_at is not null then 'held_out' else 'failed' end as outcome,
        coalesce(reached_at, held_out_at, meant_at) as starts_at,
        case when reached_at is not null then responded_at end as responded_at, cost_cny
    from meant
    union all
    select
        'member_day', channel, campaign, customer_id, customer_id, 'reached', starts_at, responded_at, null
    from {{ ref('int_member_days') }}

),

bought as (

    select people.campaign_kind, people.channel, people.campaign, people.person,
        count(*) as orders, sum(conversions.net_revenue_cny) as net_revenue_cny
    from people
    inner join {{ ref('int_conversions') }} as conversions
        on people.customer_id = conversions.customer_id
        and conversions.converted_at >= people.starts_at
        and conversions.converted_at < people.starts_at + interval '7' day
    group by 1, 2, 3, 4

),

left_it as (

    -- whoever ends a relation with the same platform within 48 hours; a hand-over to a colleague is none
    select people.campaign_kind, people.channel, people.campaign, people.person
    from people
    inner join {{ ref('channels') }} as of_campaign on people.channel = of_campaign.channel
    inner join {{ ref('channels') }} as of_contact on of_campaign.platform = of_contact.platform
    inner join {{ ref('int_contacts') }} as contacts
        on people.customer_id = contacts.customer_id and of_contact.channel = contacts.channel and contacts.is_lost
        and coalesce(contacts.opened_at <= people.starts_at, true)
        and contacts.closed_at >= people.starts_at
        and contacts.closed_at < people.starts_at + interval '48' hour
    group by 1, 2, 3, 4

)

select
    people.campaign_kind, people.channel, people.campaign, people.person, people.customer_id, people.outcome,
    people.starts_at,
    people.responded_at,
    cast(people.cost_cny as decimal(18, 2)) as cost_cny,
    cast(coalesce(bought.orders, 0) as bigint) as orders_7d,
    cast(bought.net_revenue_cny as decimal(18, 2)) as net_revenue_7d_cny,
    left_it.person is not null as has_left_48h
from people
left join bought
    on people.campaign_kind = bought.campaign_kind and people.channel = bought.channel
    and people.campaign = bought.campaign and people.person = bought.person
left join left_it
    on people.campaign_kind = left_it.campaign_kind and people.channel = left_it.channel
    and people.campaign = left_it.campaign and people.person = left_it.person
