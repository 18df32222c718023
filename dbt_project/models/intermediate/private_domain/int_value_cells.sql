-- The price list of the pond: what a customer of a cell brought on average in the horizon that ended with the month, with the
-- interval of that mean (1.96 standard errors). Three levels, so that thin cells can borrow: rfm, rf, all buyers. The cell
-- `no_order` holds reachable contacts that no order was matched to. A cell is mature with enough customers behind it.
{% set horizons = var('asset_horizons_days') %}
with ends as (

    select distinct month, end_on from {{ ref('int_pool_months') }}

),

observed as (

    select
        states.month, states.days_before as horizon_days, states.on_day, states.customer_id, states.rfm_cell, states.rf_cell
    from {{ ref('int_value_states') }} as states
    where states.days_before > 0

),

unmatched as (

    select ends.month, horizons.horizon_days, {{ days_before('ends.end_on', 'horizons.horizon_days') }} as on_day, stays.holder as customer_id
    from ends
    cross join ({% for days in horizons %}select {{ days }} as horizon_days{{ ' union all ' if not loop.last }}{% endfor %}) as horizons
    inner join {{ ref('int_pool_stays') }} as stays
        on stays.kind = 'reachable' and stays.channel = 'all'
        and cast(stays.entered_at as date) <= {{ days_before('ends.end_on', 'horizons.horizon_days') }}
        and (stays.left_at is null or cast(stays.left_at as date) > {{ days_before('ends.end_on', 'horizons.horizon_days') }})
    left join observed
        on ends.month = observed.month and horizons.horizon_days = observed.horizon_days and stays.holder = observed.customer_id
    where observed.customer_id is null

),

members as (

    select month, horizon_days, on_day, customer_id, 'rfm' as cell_level, rfm_cell as cell, rf_cell from observed
    union all
    select month, horizon_days, on_day, customer_id, 'no_order', 'no_order', null from unmatched

),

brought as (

    select
        members.month, members.horizon_days, members.cell_level, members.cell, members.rf_cell, members.customer_id,
        cast(coalesce(sum(purchases.net_revenue_cny), 0) as decimal(18, 2)) as net_cny
    from members
    inner join ends on members.month = ends.month
    left join {{ ref('int_purchases') }} as purchases
        on members.customer_id = purchases.customer_id and purchases.paid_on > members.on_day and purchases.paid_on <= ends.end_on
    group by 1, 2, 3, 4, 5, 6

),

priced as (

    select
        month, horizon_days, cell_level, cell, rf_cell,
        count(*) as customers,
        sum(net_cny) as net_cny,
        sum(cast(net_cny * net_cny as decimal(28, 4))) as net_squared
    from brought
    group by 1, 2, 3, 4, 5

),

-- a wider cell is the sum of its narrower ones
summed as (

    select
        month, horizon_days, cell_level, cell,
        sum(customers) as customers, cast(sum(net_cny) as double) as net_cny, cast(sum(net_squared) as double) as net_squared
    from (
        select month, horizon_days, cell_level, cell, customers, net_cny, net_squared from priced
        union all
        select month, horizon_days, 'rf', rf_cell, customers, net_cny, net_squared from priced where cell_level = 'rfm'
        union all
        select month, horizon_days, 'buyers', 'buyers', customers, net_cny, net_squared from priced where cell_level = 'rfm'
    ) as levels
    group by 1, 2, 3, 4

),

averaged as (

    select
        summed.*,
        net_cny / customers as mean_cny,
        -- the standard error of the mean from sums: s² = (Σx² − (Σx)²/n) / (n − 1)
        sqrt(greatest(net_squared - net_cny * net_cny / customers, 0) / nullif(customers - 1, 0) / customers) as error_cny
    from summed

)

select
    month,
    cast(horizon_days as bigint) as horizon_days,
    cell_level,
    cell,
    cast(customers as bigint) as customers,
    cast(round(mean_cny, 8) as decimal(18, 8)) as mean_net_cny,
    cast(round(mean_cny - 1.96 * error_cny, 8) as decimal(18, 8)) as low_net_cny,
    cast(round(mean_cny + 1.96 * error_cny, 8) as decimal(18, 8)) as high_net_cny,
    customers >= {{ var('asset_cell_customers') }} as is_mature
from averaged
