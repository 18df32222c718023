-- Each way of a customer as one text: the channels in their order, one several times running named once. What the steps of known people say, and
-- what an order says of itself, also stand apart: effects of channels are fitted on either, never on both.
with changed as (

    select
        outcome, journey_key, customer_id, step, channel, expires_at,
        coalesce(evidence = 'order_field', false) as is_of_order,
        lag(channel) over (partition by outcome, journey_key order by step) as previous_channel,
        lag(channel) over (
            partition by outcome, journey_key, case when evidence = 'order_field' then 1 else 0 end order by step
        ) as previous_of_stratum
    from {{ ref('int_journeys') }}

),

placed as (

    select
        outcome, journey_key, customer_id, step, channel, expires_at, is_of_order,
        case when previous_channel is null or previous_channel <> channel then 1 else 0 end as is_shown,
        previous_of_stratum is null or previous_of_stratum <> channel as is_of_stratum,
        sum(case when previous_channel is null or previous_channel <> channel then 1 else 0 end) over (
            partition by outcome, journey_key order by step rows between current row and unbounded following
        ) as shown_from_here
    from changed

)

select
    outcome,
    journey_key,
    max(customer_id) as customer_id,
    max(expires_at) as expires_at,
    cast(sum(is_shown) as bigint) as length,
    case when sum(is_shown) > {{ var('path_shown_steps') }} then '… > ' else '' end
        || {{ joined_in_order("case when is_shown = 1 and shown_from_here <= " ~ var('path_shown_steps') ~ " then channel end", 'step', ' > ') }} as path,
    nullif({{ joined_in_order('case when is_of_stratum and not is_of_order then channel end', 'step', ' > ') }}, '') as person_path,
    nullif({{ joined_in_order('case when is_of_stratum and is_of_order then channel end', 'step', ' > ') }}, '') as order_path
from placed
group by 1, 2
