-- Each reachable person at the end of a month, and the `kind` that says what they are worth: people of one month and kind are worth the
-- same. Somebody with a published prediction is a kind alone; else it is the cell of a buyer, or having no order.
-- Part of the mart that reads it, since predictions come after the canonical relations.
{{ config(materialized='ephemeral') }}
select
    persons.month,
    persons.end_on,
    persons.holder,
    persons.reach,
    case when predictions.customer_id is not null then persons.holder else coalesce(states.rfm_cell, 'no_order') end as kind,
    states.rfm_cell,
    states.rf_cell,
    predictions.predicted_365d_cny, predictions.predicted_low_cny, predictions.predicted_high_cny
from {{ ref('int_pool_persons') }} as persons
left join {{ ref('int_value_states') }} as states
    on persons.month = states.month and states.days_before = 0 and persons.holder = states.customer_id
-- predictions are made on the build's day: they value the month that ends there, never an earlier one
left join {{ source('analytics', 'customer_predictions') }} as predictions
    on persons.holder = predictions.customer_id and persons.end_on = {{ as_of() }}
where persons.reach > 0
