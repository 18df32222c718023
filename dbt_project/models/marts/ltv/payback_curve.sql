-- What the new customers of a month and channel have been worth at each age. Customers are shared among channels by the
-- ledger's credit of their first order; rows of channel `all` hold every new customer once.
-- Commission on a first order is a cost of acquisition: the CAC holds it, so it is given back to the value here.
with as_of as (

    select max(as_of_on) as as_of_on from {{ source('lake', 'context') }}

),

acquired as (

    select
        cast({{ dbt.date_trunc('month', 'paid_on') }} as date) as month, channel, model, customer_id, sum(credit) as credit
    from {{ ref('fct_attribution') }}
    where is_new_customer
    group by 1, 2, 3, 4
    union all
    select
        cast({{ dbt.date_trunc('month', 'paid_on') }} as date), 'all', model, customer_id, sum(credit)
    from {{ ref('fct_attribution') }}
    where is_new_customer
    group by 1, 2, 3, 4

),

heads as (

    select month, channel, model, sum(credit) as new_customers
    from acquired
    group by 1, 2, 3

),

bought as (

    select
        customer_id,
        age_month,
        sum(net_revenue_cny) as net_revenue_cny,
        sum(contribution_cny + acquisition_commission_cny) as value_cny,
        sum(acquisition_commission_cny) as commission_cny,
        sum(receivable_cny) as receivable_cny,
        sum(case when is_costed then receivable_cny end) as costed_receivable_cny
    from {{ ref('int_purchases') }}
    where customer_id is not null
    group by 1, 2

),

aged as (

    select
        acquired.month, acquired.channel, acquired.model, bought.age_month,
        sum(acquired.credit * bought.net_revenue_cny) as net_revenue_cny,
        sum(acquired.credit * bought.value_cny) as value_cny,
        sum(acquired.credit * bought.commission_cny) as commission_cny,
        sum(acquired.credit * bought.receivable_cny) as receivable_cny,
        sum(acquired.credit * bought.costed_receivable_cny) as costed_receivable_cny
    from acquired
    inner join bought on acquired.customer_id = bought.customer_id
    group by 1, 2, 3, 4

),

months as (

    select distinct cast({{ dbt.date_trunc('month', 'on_date') }} as date) as month
    from {{ days_from_to('(select min(cohort_month) from ' ~ ref('int_purchases') ~ ')', as_of()) }} as days

),

grid as (

    select
        heads.month, heads.channel, heads.model, heads.new_customers,
        {{ months_between('heads.month', 'months.month') }} as age_month,
        cast(months.month + interval '1' month as date) <= as_of.as_of_on as is_mature
    from heads
    inner join months on heads.month <= months.month
    cross join as_of

),

cumulated as (

    select
        grid.*,
        {% for figure in ['net_revenue_cny', 'value_cny', 'commission_cny', 'receivable_cny', 'costed_receivable_cny'] %}
        sum(coalesce(aged.{{ figure }}, 0)) over (
            partition by grid.month, grid.channel, grid.model order by grid.age_month rows between unbounded preceding and current row
        ) as {{ figure }}{{ ',' if not loop.last }}
        {% endfor %}
    from grid
    left join aged
        on grid.month = aged.month and grid.channel = aged.channel and grid.model = aged.model and grid.age_month = aged.age_month

)

select
    -- the row
    month,
    channel,
    model,
    cast(age_month as bigint) as age_month,
    -- up to this age
    cast(new_customers as decimal(28, 8)) as new_customers,
    cast(commission_cny as decimal(18, 2)) as acquisition_commission_cny,
    case when is_mature then {{ unit_amount('net_revenue_cny', 'new_customers') }} end as net_revenue_per_customer_cny,
    cast(cast(costed_receivable_cny as double) / nullif(cast(receivable_cny as double), 0) as decimal(9, 8)) as contribution_coverage,
    case
        when is_mature and cast(costed_receivable_cny as double) / nullif(cast(receivable_cny as double), 0) >= {{ var('min_contribution_coverage') }}
            then {{ unit_amount('value_cny', 'new_customers') }}
    end as value_per_customer_cny,
    is_mature
from cumulated
