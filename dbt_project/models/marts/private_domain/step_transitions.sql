-- The ladder of trust, from the first public order to buying again in the brand's own shop: of the people who took one
-- step, how many took the next one later, and how long it took. The group is the middle step.
{% set ladder = ['public_order', 'official_account', 'group', 'friend', 'member', 'store', 'private_order', 'private_repeat'] %}
with as_of as (

    select max(as_of_on) as as_of_on from {{ source('lake', 'context') }}

),

private_orders as (

    select customer_id, converted_at, dense_rank() over (partition by customer_id order by paid_on) as purchase_day
    from {{ ref('int_conversions') }}
    where customer_id is not null and domain = 'private'

),

taken as (

    select customer_id, 'public_order' as step, converted_at as taken_at
    from {{ ref('int_conversions') }}
    where customer_id is not null and domain = 'public'
    union all
    select
        customer_id,
        case
            when channel = 'oa' then 'official_account'
            when channel in ('wecom_group', 'wechat_group') then 'group'
            when channel in ('wecom_friend', 'personal_friend', 'guide') then 'friend'
            when channel = 'member' then 'member'
        end,
        opened_at
    from {{ ref('int_contacts') }}
    where customer_id is not null and opened_at is not null
    union all
    -- who buys at the till was in the store, whether or not anything else tells of the visit
    select customer_id, 'store', converted_at
    from {{ ref('int_conversions') }}
    where customer_id is not null and entry_channel = 'store'
    union all
    select customer_id, 'store', touched_at
    from {{ ref('int_touches') }}
    where customer_id is not null and channel = 'store' and is_eligible
    union all
    select customer_id, 'private_order', converted_at from private_orders
    union all
    select customer_id, 'private_repeat', converted_at from private_orders where purchase_day > 1

),

firsts as (

    select customer_id, step, min(taken_at) as first_at
    from taken
    where step is not null
    group by 1, 2

),

ladder as (

    {% for step in ladder %}
    select '{{ step }}' as step, {{ loop.index }} as rung{{ ' union all' if not loop.last }}
    {% endfor %}

),

pairs as (

    select lower_rung.step as from_step, upper_rung.step as to_step, lower_rung.rung as from_rung, upper_rung.rung as to_rung
    from ladder as lower_rung
    inner join ladder as upper_rung on lower_rung.rung < upper_rung.rung

),

moved as (

    select
        pairs.from_step, pairs.to_step, pairs.from_rung, pairs.to_rung,
        cast({{ dbt.date_trunc('month', 'begun.first_at') }} as date) as month,
        begun.customer_id,
        case
            when {{ seconds_between('begun.first_at', 'reached.first_at') }} < {{ var('step_within_days') }} * 86400
                then {{ days_between('begun.first_at', 'reached.first_at') }}
        end as days_taken
    from pairs
    inner join firsts as begun on pairs.from_step = begun.step
    left join firsts as reached on begun.customer_id = reached.customer_id and pairs.to_step = reached.step
    -- who is up there already has no step to take
    where reached.first_at is null or reached.first_at >= begun.first_at

)

select
    month,
    from_step,
    to_step,
    cast(max(from_rung) as bigint) as from_rung,
    cast(max(to_rung) as bigint) as to_rung,
    cast(count(*) as bigint) as persons,
    cast(count(days_taken) as bigint) as moved_persons,
    case when {{ days_between("cast(month + interval '1' month as date)", 'max(as_of.as_of_on)') }} >= {{ var('step_within_days') }}
        then cast(cast(count(days_taken) as double) / count(*) as decimal(9, 8)) end as rate,
    cast(median(days_taken) as decimal(18, 2)) as median_days,
    {{ days_between("cast(month + interval '1' month as date)", 'max(as_of.as_of_on)') }} >= {{ var('step_within_days') }} as is_mature
from moved
cross join as_of
group by 1, 2, 3
