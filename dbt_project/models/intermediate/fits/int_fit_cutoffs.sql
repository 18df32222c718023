-- The days at which purchase histories are cut: to fit, to score, and to try the models on a past whose future is known.
-- The trials stand on both sides of a promotion: the longest horizon for which any leaves room, and of those the longest promotion, the
-- last of equals (a short one would give nearly the same trial twice). Without one, they stand one horizon apart at the end.
-- `lead` is one horizon before a trial, with another before it: what naive baselines learn from.
{% set promo_days, horizons = 3, [365, 180, 90, 30] %}
with bounds as (

    select fit.as_of_on, fit.fit_until, bought.first_on
    from {{ ref('int_fit_window') }} as fit
    cross join (
        select min(purchase_on) as first_on from {{ ref('int_purchases') }} where customer_id is not null
    ) as bought

),

promotions as (

    select promo, year(starts_on) as starts_in, min(starts_on) as starts_on, max(ends_on) as ends_on
    from {{ ref('calendar_promos') }}
    group by 1, 2

),

with_room as (

    select
        promotions.*, horizons.horizon_days,
        row_number() over (
            order by
                horizons.horizon_days desc, {{ days_between('promotions.starts_on', 'promotions.ends_on') }} desc,
                promotions.starts_on desc, promotions.promo
        ) as place
    from promotions
    cross join bounds
    cross join ({% for days in horizons %}select {{ days }} as horizon_days{{ ' union all ' if not loop.last }}{% endfor %}) as horizons
    where {{ days_between('promotions.starts_on', 'promotions.ends_on') }} >= {{ promo_days }} - 1
        and {{ days_between('bounds.first_on', 'promotions.starts_on') }} >= 2 * horizons.horizon_days
        and {{ days_between('promotions.ends_on', 'bounds.fit_until') }} > horizons.horizon_days

),

span as (

    select
        bounds.*,
        coalesce(with_room.horizon_days, case
            {% for days in horizons[:-1] -%}
            when {{ days_between('bounds.first_on', 'bounds.fit_until') }} >= 4 * {{ days }} then {{ days }}
            {% endfor -%}
            else {{ horizons[-1] }}
        end) as horizon_days
    from bounds
    left join with_room on with_room.place = 1

),

trials as (

    select
        span.fit_until, span.first_on, span.horizon_days, with_room.promo, 'before' as side,
        coalesce(with_room.starts_on, {{ days_before('span.fit_until', '2 * span.horizon_days') }}) as cutoff_on
    from span
    left join with_room on with_room.place = 1
    union all
    select
        span.fit_until, span.first_on, span.horizon_days, with_room.promo, 'after',
        coalesce(cast(with_room.ends_on + interval '1' day as date), {{ days_before('span.fit_until', 'span.horizon_days') }})
    from span
    left join with_room on with_room.place = 1

),

roles as (

    select 'fit' as role, fit_until as cutoff_on, horizon_days, cast(null as string) as promo, cast(null as string) as side from span
    union all
    select 'score', cast(as_of_on + interval '1' day as date), horizon_days, null, null from span
    union all
    select 'backtest', cutoff_on, horizon_days, promo, side from trials where cutoff_on > first_on
    union all
    select 'lead', {{ days_before('cutoff_on', 'horizon_days') }}, horizon_days, promo, side from trials where cutoff_on > first_on

)

select
    role,
    cutoff_on,
    cast(horizon_days as bigint) as horizon_days,
    promo,
    side
from roles
where cutoff_on is not null
