-- How many people are in the pond at the end of each day, by channel. Every day from the first contact is a row, and
-- today's stock is yesterday's plus who came less who left, by construction.
with as_of as (

    select max(as_of_on) as as_of_on from {{ source('lake', 'context') }}

),

stays as (

    select kind, channel, holder, cast(entered_at as date) as entered_on, cast(left_at as date) as left_on, entered_at, left_at
    from {{ ref('int_pool_stays') }}

),

-- stays in the pond while the 365 days after a purchase run
buying as (

    select
        pond.channel,
        cast(greatest(pond.entered_at, buyers.entered_at) as date) as entered_on,
        cast(least(coalesce(pond.left_at, buyers.left_at), buyers.left_at) as date) as left_on
    from stays as pond
    inner join stays as buyers
        on buyers.kind = 'buyer' and pond.holder = buyers.holder
        and pond.entered_at < buyers.left_at
        and (pond.left_at is null or pond.left_at > buyers.entered_at)
    where pond.kind = 'any'

),

moves as (

    select channel, entered_on as on_date, 1 as came, 0 as went, 0 as reachable, 0 as buying, 0 as buyers from stays where kind = 'any'
    union all
    select channel, left_on, 0, 1, 0, 0, 0 from stays where kind = 'any' and left_on is not null
    union all
    select channel, entered_on, 0, 0, 1, 0, 0 from stays where kind = 'reachable'
    union all
    select channel, left_on, 0, 0, -1, 0, 0 from stays where kind = 'reachable' and left_on is not null
    union all
    select channel, entered_on, 0, 0, 0, 1, 0 from buying
    union all
    select channel, left_on, 0, 0, 0, -1, 0 from buying
    union all
    select pools.channel, buyers.entered_on, 0, 0, 0, 0, 1
    from stays as buyers cross join (select distinct channel from stays where kind = 'any') as pools where buyers.kind = 'buyer'
    union all
    select pools.channel, buyers.left_on, 0, 0, 0, 0, -1
    from stays as buyers cross join (select distinct channel from stays where kind = 'any') as pools where buyers.kind = 'buyer'

),

-- followers that a platform only counts: their number is told, their persons are not
told as (

    select
        case platform {% for platform, channel in var('follower_channels').items() %}when '{{ platform }}' then '{{ channel }}' {% endfor %}end as channel,
        on_date,
        sum(value) as stock
    from {{ ref('int_metrics') }}
    where metric = 'followers' and object_type = 'account' and platform in ({{ quoted_list(var('follower_channels')) }})
    group by 1, 2

),

pools as (

    select channel from stays where kind = 'any'
    union
    select channel from told

),

days as (

    select on_date from {{ days_from_to("(select coalesce(min(entered_on), cast('9999-12-31' as date)) from stays where kind = 'any')", as_of()) }} as every_day

),

grid as (

    select pools.channel, days.on_date
    from pools
    cross join days

),

-- purchases may be older than the first contact: they count from the first day of the table
daily as (

    select
        moves.channel, greatest(moves.on_date, bounds.first_day) as on_date,
        sum(came) as came, sum(went) as went, sum(reachable) as reachable, sum(buying) as buying, sum(buyers) as buyers
    from moves
    cross join (select min(on_date) as first_day from days) as bounds
    group by 1, 2

),

summed as (

    select
        grid.channel, grid.on_date,
        coalesce(daily.came, 0) as came,
        coalesce(daily.went, 0) as went,
        {% for figure in ['came', 'went', 'reachable', 'buying', 'buyers'] %}
        coalesce(sum(daily.{{ figure }}) over (partition by grid.channel order by grid.on_date rows between unbounded preceding and current row), 0)
            as {{ figure }}_so_far{{ ',' if not loop.last }}
        {% endfor %}
    from grid
    left join daily on grid.channel = daily.channel and grid.on_date = daily.on_date

)

select
    -- the row
    summed.on_date,
    summed.channel,
    -- people
    cast(summed.came_so_far - summed.went_so_far as bigint) as identified_stock,
    cast(told.stock as bigint) as aggregate_stock,
    cast(summed.came as bigint) as new_contacts,
    cast(summed.went as bigint) as lost_contacts,
    cast(summed.reachable_so_far as bigint) as reachable,
    -- how far pond and customers are the same people
    cast(summed.buyers_so_far as bigint) as buyers,
    cast(summed.buying_so_far as bigint) as buyers_in_pool,
    cast(cast(summed.buying_so_far as double) / nullif(summed.buyers_so_far, 0) as decimal(9, 8)) as pool_share_of_buyers,
    cast(cast(summed.buying_so_far as double) / nullif(summed.came_so_far - summed.went_so_far, 0) as decimal(9, 8)) as buyer_share_of_pool
from summed
left join told on summed.channel = told.channel and summed.on_date = told.on_date
