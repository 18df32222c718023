-- How much each channel matters to conversions, by every method, as indices: they cannot be split to orders, so no yuan
-- stands here. Channels are compared within a stratum only, and a rank on which methods disagree is said to be one.
with found as (

    select
        effects.*,
        case
            when effect_index is not null
                then rank() over (partition by observability, weighed_by, method order by effect_index desc nulls last)
        end as place
    from {{ source('analytics', 'channel_effects') }} as effects

),

compared as (

    select
        found.*,
        min(place) over (partition by observability, weighed_by, channel) < max(place) over (partition by observability, weighed_by, channel)
            as ranks_disagree
    from found

)

select
    -- which
    compared.observability,
    compared.weighed_by,
    compared.method,
    compared.channel,
    channels.domain,
    -- how much
    cast(compared.conversions as decimal(28, 8)) as conversions,
    case when compared.method like 'markov%' then cast(compared.effect as decimal(18, 8)) end as removal_effect,
    case when compared.method like 'shapley%' then cast(compared.effect as decimal(28, 8)) end as shapley_value,
    cast(compared.effect_index as decimal(9, 8)) as effect_index,
    cast(compared.low as decimal(9, 8)) as low,
    cast(compared.high as decimal(9, 8)) as high,
    -- how far to trust it
    cast(compared.place as bigint) as place,
    coalesce(compared.ranks_disagree, false) as ranks_disagree,
    fit.fit_until,
    compared.why_null
from compared
cross join {{ ref('int_fit_window') }} as fit
left join {{ ref('channels') }} as channels on compared.channel = channels.channel
