-- The value of each reachable person shared out among the channels that reach them: evenly, to the cent, the odd cents to the
-- channels first in the alphabet. So the channels add up to the pond.
{{ config(materialized='ephemeral') }}
with measured as (

    select month, holder, horizon_days, 'value' as measure, value_cents as person_cents from {{ ref('int_pool_values') }} where is_known
    union all
    select month, holder, horizon_days, 'low', low_cents from {{ ref('int_pool_values') }} where is_known
    union all
    select month, holder, horizon_days, 'high', high_cents from {{ ref('int_pool_values') }} where is_known

),

reaching as (

    select
        measured.month, measured.holder, measured.horizon_days, measured.measure, measured.person_cents,
        places.channel, 1 as part
    from measured
    inner join {{ ref('int_pool_months') }} as places
        on measured.month = places.month and measured.holder = places.holder and places.is_reachable

)

select month, channel, holder, horizon_days, measure, cents
from {{ largest_remainder('reaching', ['month', 'holder', 'horizon_days', 'measure'], 'person_cents', 'part', 'channel', 'cents') }} as shared
union all
select month, 'all', holder, horizon_days, measure, person_cents
from measured
