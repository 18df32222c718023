-- 引流: how many of the buyers of a shop were led into the pond, and through which entry. Identities tell it of known
-- buyers (matched_sink_rate); channel codes tell it without any identity, but know no shop (rows of platform all).
with as_of as (

    select max(as_of_on) as as_of_on from {{ source('lake', 'context') }}

),

shipped as (

    select
        sent.*,
        row_number() over (partition by platform, shop, month, customer_id order by shipped_at, order_key) as place
    from {{ ref('int_orders__shipped') }} as sent

),

entered as (

    select * from {{ ref('int_contacts__entered') }}

),

-- one row per shop, month and known buyer; only people who were not in the pond before can be led there
led as (

    select
        shipped.month, shipped.platform, shipped.shop, shipped.customer_id, entered.entry,
        case when entered.closed_at is null or not entered.is_lost or {{ days_between('entered.opened_at', 'entered.closed_at') }} >= 30 then 1 else 0 end
            as survived,
        case when entered.opened_at > shipped.shipped_at
            and {{ seconds_between('shipped.shipped_at', 'entered.opened_at') }} <= {{ var('sink_within_days') }} * 86400 then 1 else 0 end as joined
    from shipped
    left join entered on shipped.customer_id = entered.customer_id and entered.place = 1
    where shipped.customer_id is not null and shipped.place = 1
        and (entered.first_opened_at is null or entered.first_opened_at > shipped.shipped_at)

),

orders as (

    select month, platform, shop, count(*) as shipped_orders
    from shipped
    group by 1, 2, 3

),

buyers as (

    select month, platform, shop, count(*) as buyers
    from led
    group by 1, 2, 3

),

joined as (

    select month, platform, shop, 'all' as entry, sum(joined) as joined, sum(joined * survived) as survived
    from led
    group by 1, 2, 3
    union all
    select month, platform, shop, entry, sum(joined), sum(joined * survived)
    from led
    where joined = 1
    group by 1, 2, 3, 4

),

codes as (

    select
        cast({{ dbt.date_trunc('month', 'opened_at') }} as date) as month, entry,
        count(*) as code_adds,
        sum(case when closed_at is null or not is_lost or {{ days_between('opened_at', 'closed_at') }} >= 30 then 1 else 0 end) as survived
    from entered
    where is_code
    group by 1, 2

),

totals as (

    select month, sum(shipped_orders) as shipped_orders from orders group by 1

),

final as (

    select
        orders.month, orders.platform, orders.shop, coalesce(joined.entry, 'all') as entry, orders.shipped_orders,
        cast(null as bigint) as code_adds, coalesce(buyers.buyers, 0) as buyers, coalesce(joined.joined, 0) as joined,
        coalesce(joined.survived, 0) as survived
    from orders
    left join buyers on orders.month = buyers.month and orders.platform = buyers.platform and orders.shop = buyers.shop
    left join joined on orders.month = joined.month and orders.platform = joined.platform and orders.shop = joined.shop
    union all
    select codes.month, 'all', '', codes.entry, totals.shipped_orders, codes.code_adds, null, codes.code_adds, codes.survived
    from codes
    left join totals on codes.month = totals.month

)

select
    -- the row
    final.month,
    final.platform,
    final.shop,
    final.entry,
    -- without identity
    cast(final.shipped_orders as bigint) as shipped_orders,
    cast(final.code_adds as bigint) as code_adds,
    cast(cast(final.code_adds as double) / nullif(final.shipped_orders, 0) as decimal(18, 8)) as code_sink_rate,
    -- with identity
    cast(final.buyers as bigint) as identified_buyers,
    case when final.code_adds is null then cast(final.joined as bigint) end as joined_buyers,
    case when final.code_adds is null
        and {{ days_between("cast(final.month + interval '1' month as date)", 'as_of.as_of_on') }} >= {{ var('sink_within_days') }}
        then cast(cast(final.joined as double) / nullif(final.buyers, 0) as decimal(9, 8)) end as matched_sink_rate,
    -- did they stay
    case when {{ days_between("cast(final.month + interval '1' month as date)", 'as_of.as_of_on') }} >= {{ var('sink_within_days') }} + 30
        then cast(final.survived as bigint) end as survived_30d,
    -- what it cost: costs know the entry and no shop
    case when final.code_adds is not null then cast(costs.incentive_cny as decimal(18, 2)) end as incentive_cny,
    case when final.code_adds is not null then {{ unit_amount('costs.build_cny', 'final.code_adds') }} end as cost_per_contact_cny
from final
cross join as_of
left join {{ ref('int_pool_costs') }} as costs on final.month = costs.month and final.entry = costs.channel
