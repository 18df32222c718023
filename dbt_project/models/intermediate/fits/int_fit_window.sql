-- What fitted parameters may see: everything before the month that still runs. A daily run applies parameters; only a new
-- month changes the data they are fitted on. Beside it the settings that the fits need.
{% set replicates = var('effect_replicates') %}
select
    max(as_of_on) as as_of_on,
    cast({{ dbt.date_trunc('month', 'max(as_of_on)') }} as date) as fit_until,
    cast({{ var('time_decay_half_life_days') }} as double) as half_life_days,
    cast({{ replicates.get('markov_1', 0) }} as bigint) as markov_1_replicates,
    cast({{ replicates.get('markov_2', 0) }} as bigint) as markov_2_replicates,
    cast({{ replicates.get('markov_3', 0) }} as bigint) as markov_3_replicates,
    cast({{ var('discount_rate_per_year') }} as double) as discount_rate
from {{ source('lake', 'context') }}
