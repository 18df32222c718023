-- How each rule-based model shares one order among its steps, in whole units of 0.00000001 that add up to exactly 1.
-- Weights are integers, so the shares are the same on every engine and in every order of computation; steps without
-- weight earn nothing and leave no row.
with paths as (

    select
        int_paths.*,
        max(case when coalesce(channel_kind, '') <> 'direct' then step end) over (partition by order_key) as last_non_direct_step,
        max(case when channel_kind = 'paid' then step end) over (partition by order_key) as last_paid_step
    from {{ ref('int_paths') }} as int_paths

),

weighted as (

    select
        paths.order_key,
        paths.touch_key,
        paths.touched_at,
        models.model,
        steps = 1 or models.model in ('first', 'last', 'last_non_direct', 'last_paid') as is_alone,
        cast(case models.model
            when 'first' then case when step = 1 then 1 else 0 end
            when 'last' then case when step = steps then 1 else 0 end
            when 'last_non_direct' then case when step = coalesce(last_non_direct_step, steps) then 1 else 0 end
            when 'last_paid' then case when step = coalesce(last_paid_step, steps) then 1 else 0 end
            when 'linear' then 1
            when 'position_based' then case
                when steps <= 2 then 1
                when step = 1 then {{ var('position_first_percent') }} * (steps - 2)
                when step = steps then {{ var('position_last_percent') }} * (steps - 2)
                else 100 - {{ var('position_first_percent') }} - {{ var('position_last_percent') }}
            end
            -- in real time, not whole days; at least one unit, so that a long lookback never makes a touch weightless
            when 'time_decay' then greatest(
                1,
                round(100000000 * power(2.0, -cast(seconds_before as double) / (86400.0 * {{ var('time_decay_half_life_days') }})))
            )
        end as bigint) as weight
    from paths
    cross join {{ attribution_models() }} as models
    where models.model <> 'data_driven'  -- fitted, so shared out where its parameters are known

),

-- most rows have nobody to share with; only the others are worth the windows of a largest remainder
sharing as (

    select order_key, touch_key, touched_at, model, weight
    from weighted
    where weight > 0 and not is_alone

),

final as (

    select order_key, model, touch_key, cast(100000000 as bigint) as credit_units
    from weighted
    where weight > 0 and is_alone
    union all
    select order_key, model, touch_key, credit_units
    from {{ largest_remainder('sharing', ['order_key', 'model'], '100000000', 'weight', 'touched_at, touch_key', 'credit_units') }} as shared

)

select order_key, model, touch_key, credit_units from final
