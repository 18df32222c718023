-- Buyers with equal histories, counted: a million customers cost a fit what their patterns cost.
select
    cutoff_on,
    repeats,
    last_repeat_days,
    observed_days,
    cast(count(*) as bigint) as customers
from {{ ref('int_purchase_histories') }}
group by 1, 2, 3, 4
order by 1, 2, 3, 4
