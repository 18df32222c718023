-- How long each touch could have led to an order, and when it did: all that the hazard of buying needs.
-- Touches that led nowhere are alike but for channel and time watched, so they are counted by the hour; touches that led to
-- an order keep their order, since they compete for it. Traffic fields of orders are no exposure: they are never seen
-- without an order.
with touches as (

    select
        assigned.channel,
        case when assigned.converted_at < cast(fit.fit_until as timestamp) then assigned.conversion_key end as conversion_key,
        assigned.seconds_before,
        {{ seconds_between('assigned.touched_at', 'least(assigned.next_cut_at, assigned.expires_at, cast(fit.fit_until as timestamp))') }}
            as seconds_watched
    from {{ ref('int_touches__assigned') }} as assigned
    cross join {{ ref('int_fit_window') }} as fit
    where not assigned.is_balance_reminder and not assigned.is_buying_session and assigned.evidence <> 'order_field'
        and assigned.touched_at < cast(fit.fit_until as timestamp)

),

measured as (

    select
        channel,
        conversion_key,
        case when conversion_key is not null then round(cast(seconds_before as double) / 86400.0, 8) end as age_days,
        case
            when conversion_key is not null then round(cast(seconds_before as double) / 86400.0, 8)
            else round(cast(ceil(cast(seconds_watched as double) / 3600.0) as double) / 24.0, 8)
        end as watched_days
    from touches

)

select
    channel,
    conversion_key,
    age_days,
    watched_days,
    cast(count(*) as bigint) as touches
from measured
group by 1, 2, 3, 4
order by conversion_key nulls first, channel, age_days nulls first, watched_days
