-- Accessibility, closeness, understanding, investment and cost of each private channel by month: how freely the brand reaches
-- whom it holds, how near they are, how well it knows them, what it puts in.
with alike as (

    select
        persons.month, persons.held, persons.reach, count(*) as persons, sum(coalesce(profiles.known_fields, 0)) as known_fields
    from {{ ref('int_pool_persons') }} as persons
    left join {{ ref('int_profiles') }} as profiles on persons.holder = profiles.customer_id
    group by 1, 2, 3

),

near as (

    select distinct reach
    from {{ ref('int_pool_reaches') }}
    where channels >= 2 or channel in ({{ quoted_list(var('one_to_one_channels')) }})

),

held as (

    select
        alike.month, held_in.channel, alike.reach, alike.persons, alike.known_fields,
        case when reached_in.channel is not null then alike.persons else 0 end as reachable
    from alike
    inner join {{ ref('int_pool_reaches') }} as held_in on alike.held = held_in.reach
    left join {{ ref('int_pool_reaches') }} as reached_in on alike.reach = reached_in.reach and held_in.channel = reached_in.channel
    union all
    select month, 'all', reach, persons, known_fields, case when reach > 0 then persons else 0 end
    from alike

),

people as (

    select
        held.month, held.channel,
        sum(held.persons) as persons,
        sum(held.reachable) as reachable,
        sum(case when near.reach is not null then held.reachable else 0 end) as near_persons,
        sum(held.known_fields) as known_fields,
        sum(held.persons) * 5 as fields
    from held
    left join near on held.reach = near.reach
    group by 1, 2

),

-- one message to one person, however many events its delivery has
spoken as (

    select cast({{ dbt.date_trunc('month', 'touched_at') }} as date) as month, channel, customer_id || '|' || channel || '|' || coalesce(campaign, touch_key) as message_key
    from {{ ref('int_touches') }}
    where customer_id is not null and domain = 'private' and touch_type in ({{ quoted_list(var('message_touch_types')) }})

),

messages as (

    select month, channel, count(distinct message_key) as messages from spoken group by 1, 2
    union all
    select month, 'all', count(distinct message_key) from spoken group by 1

),

entered as (

    select cast({{ dbt.date_trunc('month', 'entered_at') }} as date) as month, channel, count(*) as new_contacts
    from {{ ref('int_pool_stays') }}
    where kind = 'any'
    group by 1, 2

),

gathered as (

    select
        people.*, coalesce(messages.messages, 0) as messages, coalesce(entered.new_contacts, 0) as new_contacts,
        costs.build_cny, costs.keep_cny, costs.incentive_cny, channels.reach_quota_per_month
    from people
    left join messages on people.month = messages.month and people.channel = messages.channel
    left join entered on people.month = entered.month and people.channel = entered.channel
    left join {{ ref('int_pool_costs') }} as costs on people.month = costs.month and people.channel = costs.channel
    left join {{ ref('channels') }} as channels on people.channel = channels.channel

)

{% set shares = {
    'reachable_share': ('reachable', 'persons'),
    'closeness': ('near_persons', 'reachable'),
    'understanding': ('known_fields', 'fields'),
    'messages_per_contact': ('messages', 'persons'),
    'quota_used_share': ('messages', 'reach_quota_per_month * reachable'),
    'investment_cny': ('incentive_cny', 'persons'),
    'build_cost_per_new_contact_cny': ('build_cny', 'new_contacts'),
    'keep_cost_per_contact_cny': ('keep_cny', 'persons'),
} -%}
{%- for metric, (numerator, denominator) in shares.items() %}
select
    month, channel, '{{ metric }}' as metric, cast({{ numerator }} as double) as numerator, cast({{ denominator }} as double) as denominator,
    cast({{ numerator }} as double) / nullif(cast({{ denominator }} as double), 0) as value, cast(null as double) as low, cast(null as double) as high
from gathered
where {{ numerator }} is not null and {{ denominator }} is not null
{{ 'union all' if not loop.last }}
{%- endfor %}
