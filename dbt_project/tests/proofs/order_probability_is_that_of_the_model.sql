-- P(an order in 365 days) as the numerics give it (r 0.6, alpha 60, a 0.9, b 2.5), where it is proven against the defining integral;
-- a thousand purchases overflow nothing, and without a published model there is no probability.
with given as (
    select 'bg_nbd' as model, 0 as repeats, 0 as t_x, 39 as days, 0.60420498 as expected
    union all select 'bg_nbd', 2, 30, 39, 0.73863534
    union all select 'bg_nbd', 5, 100, 700, 0.00104108
    union all select 'bg_nbd', 300, 100, 3000, 0.0
    union all select 'mbg_nbd', 0, 0, 39, 0.40655028
    union all select 'mbg_nbd', 2, 30, 39, 0.78168201
    union all select 'mbg_nbd', 5, 100, 700, 0.00120102
    union all select 'mbg_nbd', 300, 100, 3000, 0.0
    union all select cast(null as string), 0, 0, 39, cast(null as double)
),

fit as (
    select
        given.*,
        case when model is not null then 0.6 end as r, case when model is not null then 60.0 end as alpha,
        case when model is not null then 0.9 end as a, case when model is not null then 2.5 end as b
    from given
)

select model, repeats, t_x, days, expected, {{ order_probability('fit', 'fit.repeats', 'fit.t_x', 'fit.days', 365) }} as told
from fit
where abs(coalesce({{ order_probability('fit', 'fit.repeats', 'fit.t_x', 'fit.days', 365) }}, -1) - coalesce(expected, -1)) > 0.00000002
