-- What each day bore. A cost that is told for a month (a list that comes once a month dates it by its first day) is borne by the days of
-- that month alike, to the cent; while the month runs, by its days so far. Every other cost is the day's for which it is told.
with spend as (

    select
        int_spend.*,
        split_part(spend_key, '|', 1) in ({{ monthly_cost_exports() }})
            and on_date = cast({{ dbt.date_trunc('month', 'on_date') }} as date) and on_date <= {{ as_of() }} as is_of_month
    from {{ ref('int_spend') }} as int_spend

),

days as (

    select
        on_date, cast({{ dbt.date_trunc('month', 'on_date') }} as date) as month,
        row_number() over (partition by {{ dbt.date_trunc('month', 'on_date') }} order by on_date) as place,
        count(*) over (partition by {{ dbt.date_trunc('month', 'on_date') }}) as days
    from {{ days_from_to("(select coalesce(min(on_date), cast('9999-12-31' as date)) from spend where is_of_month)", as_of()) }} as every_day

),

borne as (

    select
        spend.spend_key, days.on_date, spend.channel, spend.account, spend.campaign, spend.is_total_level,
        -- what the month bore up to this day less what it bore the day before: the cents add up whatever the number of days
        {{ yuan(int_div(cents('spend.cost_cny') ~ ' * days.place', 'days.days') ~ ' - ' ~ int_div(cents('spend.cost_cny') ~ ' * (days.place - 1)', 'days.days')) }}
            as cost_cny,
        case when days.place = 1 then spend.impressions end as impressions,
        case when days.place = 1 then spend.clicks end as clicks,
        case when days.place = 1 then spend.platform_conversions end as platform_conversions,
        case when days.place = 1 then spend.platform_revenue_cny end as platform_revenue_cny
    from spend
    inner join days on spend.on_date = days.month
    where spend.is_of_month
    union all
    select
        spend_key, on_date, channel, account, campaign, is_total_level, cost_cny, impressions, clicks, platform_conversions, platform_revenue_cny
    from spend
    where not is_of_month

)

select
    spend_key,
    on_date,
    channel,
    account,
    campaign,
    is_total_level,
    cast(cost_cny as decimal(18, 2)) as cost_cny,
    cast(impressions as bigint) as impressions,
    cast(clicks as bigint) as clicks,
    platform_conversions,
    platform_revenue_cny
from borne
