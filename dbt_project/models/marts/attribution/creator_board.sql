-- Creators 达人 by month: what was paid for them and what their orders earned. Orders are dated by payment, fees by their own day. A boost bought
-- through an ad account may stand among that account's spend too, so costs of this board are never added to channel_daily.
with earned as (

    select
        cast({{ dbt.date_trunc('month', 'paid_on') }} as date) as month,
        platform,
        creator,
        {{- sales_summed() }}
    from {{ ref('int_sales') }}
    where creator is not null
    group by 1, 2, 3

),

paid as (

    select
        cast({{ dbt.date_trunc('month', 'spend.on_date') }} as date) as month,
        coalesce(channels.platform, spend.channel) as platform,
        coalesce(creators.creator, 'unnamed') as creator,
        sum(case when spend.cost_type = 'kol_slot' then spend.cost_cny else 0 end) as slot_fee_cny,
        sum(case when spend.cost_type = 'kol_service' then spend.cost_cny else 0 end) as service_fee_cny,
        sum(case when spend.cost_type = 'sample' then spend.cost_cny else 0 end) as sample_cny,
        sum(case when spend.cost_type not in ('kol_slot', 'kol_service', 'sample') then spend.cost_cny else 0 end) as boost_cny
    from {{ ref('int_spend') }} as spend
    left join {{ ref('channels') }} as channels on spend.channel = channels.channel
    left join {{ ref('int_creators') }} as creators
        on coalesce(channels.platform, spend.channel) = creators.platform and coalesce(spend.creator_id, spend.creator_name) = creators.alias
    where creators.creator is not null or spend.cost_type in ('kol_slot', 'kol_service')
    group by 1, 2, 3

),

rooms as (

    select cast({{ dbt.date_trunc('month', 'started_at') }} as date) as month, platform, creator, count(*) as sessions, sum(viewers) as viewers
    from {{ ref('int_live_sessions') }}
    where creator is not null
    group by 1, 2, 3

),

row_keys as (

    select month, platform, creator from earned
    union
    select month, platform, creator from paid
    union
    select month, platform, creator from rooms

),

summed as (

    select
        row_keys.month, row_keys.platform, row_keys.creator,
        earned.identified_customers, earned.refunded_cny, earned.net_revenue_cny, earned.known_receivable_cny, earned.coverage,
        coalesce(earned.orders, 0) as orders,
        coalesce(earned.receivable_cny, 0) as receivable_cny,
        coalesce(earned.orders_without_net, 0) as orders_without_net,
        coalesce(earned.commission_cny, 0) as commission_cny,
        coalesce(paid.slot_fee_cny, 0) as slot_fee_cny,
        coalesce(paid.service_fee_cny, 0) as service_fee_cny,
        coalesce(paid.sample_cny, 0) as sample_cny,
        coalesce(paid.boost_cny, 0) as boost_cny,
        coalesce(paid.slot_fee_cny + paid.service_fee_cny + paid.sample_cny + paid.boost_cny, 0) as fees_cny,
        case when coalesce(earned.coverage, 1) >= {{ var('min_contribution_coverage') }} then coalesce(earned.contribution_cny, 0) end as margin_cny,
        rooms.sessions, rooms.viewers,
        coalesce(earned.provisional_orders, 0) = 1 as is_provisional
    from row_keys
    left join earned on row_keys.month = earned.month and row_keys.platform = earned.platform and row_keys.creator = earned.creator
    left join paid on row_keys.month = paid.month and row_keys.platform = paid.platform and row_keys.creator = paid.creator
    left join rooms on row_keys.month = rooms.month and row_keys.platform = rooms.platform and row_keys.creator = rooms.creator

),

named as (

    select platform, creator, min(creator_id) as creator_id, min(creator_name) as creator_name
    from {{ ref('int_creators') }}
    group by 1, 2

)

select
    -- the row
    summed.month,
    summed.platform,
    summed.creator,
    named.creator_id,
    named.creator_name,
    -- what they did
    cast(coalesce(summed.sessions, 0) as bigint) as live_sessions,
    cast(summed.viewers as bigint) as viewers,
    -- what their orders earned
    cast(summed.orders as bigint) as orders,
    cast(coalesce(summed.identified_customers, 0) as bigint) as identified_customers,
    cast(summed.receivable_cny as decimal(18, 2)) as receivable_cny,
    cast(coalesce(summed.refunded_cny, 0) as decimal(18, 2)) as refunded_cny,
    cast(coalesce(summed.net_revenue_cny, 0) as decimal(18, 2)) as net_revenue_cny,
    cast(summed.orders_without_net as bigint) as orders_without_net,
    {{ ratio('summed.refunded_cny', 'summed.known_receivable_cny') }} as refund_rate,
    -- what they cost
    cast(summed.slot_fee_cny as decimal(18, 2)) as slot_fee_cny,
    cast(summed.service_fee_cny as decimal(18, 2)) as service_fee_cny,
    cast(summed.sample_cny as decimal(18, 2)) as sample_cny,
    cast(summed.boost_cny as decimal(18, 2)) as boost_cny,
    cast(summed.commission_cny as decimal(18, 2)) as commission_cny,
    cast(summed.fees_cny + summed.commission_cny as decimal(18, 2)) as total_cost_cny,
    -- what is left
    cast(summed.margin_cny - summed.fees_cny as decimal(18, 2)) as contribution_cny,
    cast(summed.coverage as decimal(9, 8)) as contribution_coverage,
    {{ ratio('coalesce(summed.net_revenue_cny, 0)', 'summed.fees_cny + summed.commission_cny') }} as roas,
    {{ ratio('summed.margin_cny + summed.commission_cny', 'summed.fees_cny + summed.commission_cny') }} as roi,
    {{ unit_amount('summed.fees_cny + summed.commission_cny', 'summed.orders') }} as cost_per_order_cny,
    summed.is_provisional
from summed
left join named on summed.platform = named.platform and summed.creator = named.creator
