-- What a month's new customers of a channel cost, and what has come back. Rows `all:<domain>` and `all` are blended, with costs
-- that no order can claim; an order nobody is known of stands with the domain of its platform. Figures about persons are NULL where too little of the revenue has a known buyer.
with as_of as (

    select max(as_of_on) as as_of_on from {{ source('lake', 'context') }}

),

{{ credit_of_channel_months() }},

spent as (

    select * from {{ ref('int_channel_months__spent') }}

),

row_keys as (

    select month, channel, model from credited
    union
    select spent.month, spent.channel, models.model from spent cross join {{ attribution_models() }} as models where spent.has_rows

),

curve as (

    select
        curve.*,
        row_number() over (partition by month, channel, model order by age_month desc) as from_newest
    from {{ ref('payback_curve') }} as curve
    where is_mature

),

judged as (

    select
        row_keys.month, row_keys.channel, row_keys.model,
        spent.spend_cny,
        coalesce(spent.is_complete, false) as is_complete,
        coalesce(curve.acquisition_commission_cny, 0) as commission_cny,
        coalesce(spent.cost_completeness, 'cost_unknown') as cost_completeness,
        coalesce(credited.heads, 0) as heads,
        credited.identified_revenue_share, returned.net_90d_cny, returned.heads_90d, returned.net_365d_cny, returned.heads_365d,
        curve.value_per_customer_cny, curve.contribution_coverage,
        {{ days_between("cast(row_keys.month + interval '1' month as date)", 'as_of.as_of_on') }} as days_since,
        case
            when credited.model is null and coalesce(channels.observability, 'none') in ('aggregate', 'none') 
                and row_keys.channel <> 'all' and row_keys.channel not like 'all:%'
                then 'not_observable'
            when credited.identified_revenue_share < {{ var('min_identified_revenue_share') }} then 'identified_share_low'
            when coalesce(credited.heads, 0) = 0 then 'no_new_customers'
        end as why_null
    from row_keys
    cross join as_of
    left join credited on row_keys.month = credited.month and row_keys.channel = credited.channel and row_keys.model = credited.model
    left join returned on row_keys.month = returned.month and row_keys.channel = returned.channel and row_keys.model = returned.model
    left join spent on row_keys.month = spent.month and row_keys.channel = spent.channel
    left join curve
        on row_keys.month = curve.month and row_keys.channel = curve.channel and row_keys.model = curve.model and curve.from_newest = 1
    left join {{ ref('channels') }} as channels on row_keys.channel = channels.channel

),

priced as (

    select
        judged.*,
        case when why_null is null and spend_cny + commission_cny > 0 then {{ unit_amount('spend_cny + commission_cny', 'heads') }} end as cac_cny,
        case when why_null is null and days_since >= 90 then {{ unit_amount('net_90d_cny', 'heads_90d') }} end as ltv_90d_cny,
        case when why_null is null and days_since >= 365 then {{ unit_amount('net_365d_cny', 'heads_365d') }} end as ltv_365d_cny
    from judged

),

paid_back as (

    select
        priced.month, priced.channel, priced.model,
        min(case when curve.value_per_customer_cny >= priced.cac_cny then curve.age_month end) as payback_months,
        min(case when curve.value_high_cny >= priced.cac_cny then curve.age_month end) as payback_low_months,
        min(case when curve.value_low_cny >= priced.cac_cny then curve.age_month end) as payback_high_months
    from priced
    inner join curve on priced.month = curve.month and priced.channel = curve.channel and priced.model = curve.model
    group by 1, 2, 3

)

select
    -- the row
    priced.month,
    priced.channel,
    case when priced.channel = 'all' then 'all' when priced.channel like 'all:%' then 'domain' else 'channel' end as level,
    priced.model,
    -- what it cost
    cast(priced.spend_cny as decimal(18, 2)) as spend_cny,
    case when coalesce(priced.why_null, '') not in ('not_observable', 'identified_share_low') then cast(priced.commission_cny as decimal(18, 2)) end
        as acquisition_commission_cny,
    priced.cost_completeness,
    case when coalesce(priced.why_null, '') not in ('not_observable', 'identified_share_low') then cast(priced.heads as decimal(28, 8)) end
        as new_customers,
    priced.cac_cny,
    -- what they are worth
    priced.ltv_90d_cny,
    priced.ltv_365d_cny,
    case when priced.why_null is null then priced.value_per_customer_cny end as value_per_customer_cny,
    case when priced.why_null is null then priced.contribution_coverage end as contribution_coverage,
    -- what comes back
    case when priced.why_null is null then {{ ratio('priced.value_per_customer_cny', 'priced.cac_cny') }} end as roi,
    {{ ratio('priced.ltv_365d_cny', 'priced.cac_cny') }} as ltv_to_cac,
    cast(paid_back.payback_months as bigint) as payback_months,
    cast(paid_back.payback_low_months as bigint) as payback_low_months,
    cast(paid_back.payback_high_months as bigint) as payback_high_months,
    case
        when priced.spend_cny + priced.commission_cny = 0 then 'no_spend'
        when priced.cac_cny is null or priced.value_per_customer_cny is null then null
        when paid_back.payback_months is not null then 'reached'
        else 'not_yet'
    end as payback_status,
    -- how far to trust it
    cast(priced.identified_revenue_share as decimal(9, 8)) as identified_revenue_share,
    priced.is_complete,
    priced.why_null
from priced
left join paid_back on priced.month = paid_back.month and priced.channel = paid_back.channel and priced.model = paid_back.model
