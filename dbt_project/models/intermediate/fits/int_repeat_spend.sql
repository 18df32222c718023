-- What repeat purchases were worth on average, counted by number of purchases and mean: all that the spend model needs.
-- Buyers without a repeat purchase say nothing of how spend varies and are left out, as are means at or below zero.
with means as (

    select
        cutoff_on,
        valued_repeats,
        round(cast(repeat_cny as double) / nullif(valued_repeats, 0), 8) as mean_cny
    from {{ ref('int_purchase_histories') }}

)

select
    cutoff_on,
    valued_repeats,
    mean_cny,
    cast(count(*) as bigint) as customers
from means
where mean_cny > 0
group by 1, 2, 3
order by 1, 2, 3
