-- The days, from the first year that any order, touch or spend speaks of to the end of the current one, with the promotion each belongs to.
with spans as (

    select min(ordered_at) as first_at from {{ ref('int_orders') }}
    union all
    select min(touched_at) from {{ ref('int_touches') }}
    union all
    select cast(min(on_date) as timestamp) from {{ ref('int_spend') }}
    union all
    select cast({{ as_of() }} as timestamp)

),

bounds as (

    select
        cast(date_trunc('year', min(first_at)) as date) as first_day,
        cast(date_trunc('year', {{ as_of() }}) + interval '1' year - interval '1' day as date) as last_day
    from spans

),

days as (

    select on_date
    from {{ days_from_to('(select first_day from bounds)', '(select last_day from bounds)') }} as series

),

promos as (

    -- what the brand ruled comes before the seed
    select promo, phase, starts_on, ends_on, 2 as source_order from {{ ref('calendar_promos') }}
    union all
    select verdict, detail, valid_from, valid_to, 1 from {{ ref('int_rulings') }} where ruling_kind = 'promo'

),

promoted as (

    select
        days.on_date,
        promos.promo,
        promos.phase,
        {{ days_between('promos.starts_on', 'days.on_date') }} + 1 as promo_day,
        row_number() over (partition by days.on_date order by promos.source_order nulls last, promos.starts_on desc nulls last, promos.ends_on, promos.promo, promos.phase) as place
    from days
    left join promos on days.on_date between promos.starts_on and promos.ends_on

)

select
    cast(on_date as date) as on_date,
    cast(year(on_date) as bigint) as calendar_year,
    cast(date_trunc('month', on_date) as date) as month,
    cast(date_trunc('week', on_date) as date) as week_starts_on,
    cast(year(cast(date_trunc('week', on_date) as date) + interval '3' day) as bigint) as iso_year,
    cast(extract(week from on_date) as bigint) as iso_week,
    cast({{ days_between("date_trunc('week', on_date)", 'on_date') }} + 1 as bigint) as iso_weekday,
    cast(promo as string) as promo,
    cast(phase as string) as phase,
    cast(promo_day as bigint) as promo_day,
    cast(promo is not null as boolean) as is_promo
from promoted
where place = 1
