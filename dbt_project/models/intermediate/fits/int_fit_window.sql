-- What fitted parameters may see: everything before the month that still runs. A daily run applies parameters; only a new
-- month changes the data they are fitted on.
select
    max(as_of_on) as as_of_on,
    cast({{ dbt.date_trunc('month', 'max(as_of_on)') }} as date) as fit_until,
    cast({{ var('time_decay_half_life_days') }} as double) as half_life_days
from {{ source('lake', 'context') }}
