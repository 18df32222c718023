-- The brand's voices beside each other: each account, guide and anchor by month. Who makes customers talk, and what is bought
-- after. An order may follow several voices: these revenues do not add up.
with voices as (

    select 'account' as ip_type, contacts.account as ip_id, contacts.*
    from {{ ref('int_contacts') }} as contacts
    where contacts.account is not null and contacts.domain = 'private'
    union all
    select 'guide', contacts.staff_id, contacts.*
    from {{ ref('int_contacts') }} as contacts
    where contacts.staff_id is not null and contacts.domain = 'private'

),

months as (

    select distinct month, end_on from {{ ref('int_pool_months') }}

),

held as (

    select months.month, voices.channel, voices.ip_type, voices.ip_id, count(distinct coalesce(voices.customer_id, voices.relation_key)) as persons
    from months
    inner join voices
        on cast(voices.opened_at as date) <= months.end_on
        and (voices.closed_at is null or cast(voices.closed_at as date) > months.end_on)
    group by 1, 2, 3, 4

),

acts as (

    select month, held_in as channel, 'account' as ip_type, account as ip_id, is_opening from {{ ref('int_interactions') }} where account is not null
    union all
    select month, held_in, 'guide', staff_id, is_opening from {{ ref('int_interactions') }} where staff_id is not null

),

counted as (

    select month, channel, ip_type, ip_id, count(*) as interactions, sum(case when is_opening then 1 else 0 end) as openings
    from acts
    group by 1, 2, 3, 4

),

followed as (

    select distinct month, held_in as channel, 'account' as ip_type, account as ip_id, order_key, net_revenue_cny
    from {{ ref('int_interactions__followed') }}
    where account is not null
    union all
    select distinct month, held_in, 'guide', staff_id, order_key, net_revenue_cny
    from {{ ref('int_interactions__followed') }}
    where staff_id is not null

),

scored as (

    select
        month, channel, ip_type, ip_id, 'customer_opened_chats' as metric, cast(openings as double) as numerator,
        cast(null as double) as denominator, cast(openings as double) as value
    from counted
    union all
    select
        counted.month, counted.channel, counted.ip_type, counted.ip_id, 'interactions_per_1000', cast(counted.interactions as double),
        cast(held.persons as double), 1000 * cast(counted.interactions as double) / held.persons
    from counted
    inner join held
        on counted.month = held.month and counted.channel = held.channel and counted.ip_type = held.ip_type and counted.ip_id = held.ip_id
    union all
    select
        month, channel, ip_type, ip_id, 'revenue_after_interaction_cny', cast(sum(net_revenue_cny) as double), cast(count(*) as double),
        cast(sum(net_revenue_cny) as double)
    from followed
    group by 1, 2, 3, 4
    union all
    select month, channel, 'anchor', ip_id, metric, numerator, denominator, value from {{ ref('int_scores__anchors') }}

)

select
    -- the row
    month,
    cast(channel as string) as channel,
    ip_type,
    cast(ip_id as string) as ip_id,
    metric,
    -- what it is made of
    cast(round(numerator, 8) as decimal(28, 8)) as numerator,
    cast(round(denominator, 8) as decimal(28, 8)) as denominator,
    -- what it says
    cast(round(value, 8) as decimal(28, 8)) as value,
    cast(null as decimal(28, 8)) as low,
    cast(null as decimal(28, 8)) as high
from scored
where value is not null
