-- In which cell of recency, frequency and money every buyer stood on the days that value the pond: at the end of each month,
-- and one horizon before it, where the months since then tell what such a customer brings.
{% set horizons = var('asset_horizons_days') %}
with valued_days as (

    {% for days in [0] + horizons %}
    select distinct month, {{ days }} as days_before, {{ days_before('end_on', days) }} as on_day from {{ ref('int_pool_months') }}
    {{- ' union all' if not loop.last }}
    {% endfor %}

),

purchase_days as (

    select customer_id, purchase_on, sum(net_revenue_cny) as net_revenue_cny
    from {{ ref('int_purchases') }}
    where customer_id is not null and purchase_on is not null
    group by 1, 2

),

bought as (

    select
        valued_days.month, valued_days.days_before, valued_days.on_day, purchases.customer_id,
        {{ days_between('max(purchases.purchase_on)', 'valued_days.on_day') }} as recency_days,
        count(*) as purchase_days,
        round(cast(sum(purchases.net_revenue_cny) as double) / count(*), 8) as mean_cny
    from valued_days
    inner join purchase_days as purchases on purchases.purchase_on <= valued_days.on_day
    group by 1, 2, 3, 4

),

averages as (

    select month, days_before, avg(cast(mean_cny as decimal(18, 8))) as mean_cny
    from bought
    group by 1, 2

),

celled as (

    select
        bought.month, bought.days_before, bought.on_day, bought.customer_id,
        'r' || cast(case {% for border in var('asset_recency_days') %}when recency_days <= {{ border }} then {{ loop.index }} {% endfor %}
            else {{ var('asset_recency_days') | length + 1 }} end as string)
            || ' f' || cast(case {% for border in var('asset_purchase_days') %}when purchase_days <= {{ border }} then {{ loop.index }} {% endfor %}
            else {{ var('asset_purchase_days') | length + 1 }} end as string) as rf_cell,
        case when coalesce(bought.mean_cny, 0) > averages.mean_cny then 'm2' else 'm1' end as m_cell
    from bought
    inner join averages on bought.month = averages.month and bought.days_before = averages.days_before

)

select month, days_before, on_day, customer_id, rf_cell || ' ' || m_cell as rfm_cell, rf_cell
from celled
