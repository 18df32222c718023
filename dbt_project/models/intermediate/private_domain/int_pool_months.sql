-- Who was in which private channel at the end of each month, and who could be written to there free of charge. The month
-- that is running ends at the build's day.
with stays as (

    select
        stays.kind, stays.channel, stays.holder,
        cast(stays.entered_at as date) as entered_on, cast(stays.left_at as date) as left_on
    from {{ ref('int_pool_stays') }} as stays
    inner join {{ ref('channels') }} as channels on stays.channel = channels.channel and channels.domain = 'private'
    where stays.kind in ('any', 'reachable')

),

months as (

    select
        cast({{ dbt.date_trunc('month', 'on_date') }} as date) as month,
        max(on_date) as end_on
    from {{ days_from_to("(select coalesce(min(entered_on), cast('9999-12-31' as date)) from stays)", as_of()) }} as every_day
    group by 1

)

select
    months.month,
    months.end_on,
    stays.channel,
    stays.holder,
    -- one stay of a kind at most stands on one day
    max(case when stays.kind = 'reachable' then 1 else 0 end) = 1 as is_reachable,
    min(stays.entered_on) as entered_on
from months
inner join stays on stays.entered_on <= months.end_on and (stays.left_on is null or stays.left_on > months.end_on)
group by 1, 2, 3, 4
