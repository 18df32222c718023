-- What the new customers of a month and channel have been worth at each age. Customers are shared among channels by the
-- ledger's credit of their first order; rows `all:<domain>` and `all` hold them again, blended.
-- Commission on a first order is a cost of acquisition: the CAC holds it, so it is given back to the value here.
{% set figures = ['net_revenue_cny', 'value_cny', 'commission_cny', 'receivable_cny', 'costed_receivable_cny', 'squares_1', 'squares_2'] %}
with as_of as (

    select max(as_of_on) as as_of_on from {{ source('lake', 'context') }}

),

{{ acquired_at_every_level() }},

heads as (

    select
        acquired.month, acquired.channel, models.model,
        sum(acquired.customers) as customers, sum(acquired.new_customers) as new_customers, sum(acquired.squares_0) as squares_0
    from (
        select
            month, channel, model,
            count(*) as customers,
            sum(credit) as new_customers,
            sum(cast(round(cast(credit as double) * cast(credit as double), 8) as decimal(28, 8))) as squares_0
        from acquired
        group by 1, 2, 3
    ) as acquired
    inner join {{ attribution_models() }} as models on acquired.model in ('every', models.model)
    group by 1, 2, 3

),

bought as (

    select
        customer_id,
        age_month,
        sum(net_revenue_cny) as net_revenue_cny,
        sum(case when is_costed then contribution_cny + acquisition_commission_cny else 0 end) as value_cny,
        sum(acquisition_commission_cny) as commission_cny,
        sum(receivable_cny) as receivable_cny,
        sum(case when is_costed then receivable_cny end) as costed_receivable_cny
    from {{ ref('int_purchases') }}
    where customer_id is not null
    group by 1, 2

),

-- by how much the square of a customer's value so far grows: such steps add up over ages and customers, as the spread needs them
stepped as (

    select
        bought.*,
        cast(value_cny as double) * (2 * cast(value_so_far_cny as double) - cast(value_cny as double)) as square_step
    from (
        select
            bought.*,
            sum(value_cny) over (partition by customer_id order by age_month rows between unbounded preceding and current row) as value_so_far_cny
        from bought
    ) as bought

),

aged_together as (

    select
        acquired.month, acquired.channel, acquired.model, bought.age_month,
        sum(acquired.credit * bought.net_revenue_cny) as net_revenue_cny,
        sum(acquired.credit * bought.value_cny) as value_cny,
        sum(acquired.credit * bought.commission_cny) as commission_cny,
        sum(acquired.credit * bought.receivable_cny) as receivable_cny,
        sum(acquired.credit * bought.costed_receivable_cny) as costed_receivable_cny,
        sum(cast(round(cast(acquired.credit as double) * cast(acquired.credit as double) * cast(bought.value_cny as double), 8) as decimal(28, 8)))
            as squares_1,
        sum(cast(round(cast(acquired.credit as double) * cast(acquired.credit as double) * bought.square_step, 8) as decimal(28, 8))) as squares_2
    from acquired
    inner join stepped as bought on acquired.customer_id = bought.customer_id
    group by 1, 2, 3, 4

),

aged as (

    select
        aged_together.month, aged_together.channel, models.model, aged_together.age_month,
        {% for figure in figures %}
        sum(aged_together.{{ figure }}) as {{ figure }}{{ ',' if not loop.last }}
        {% endfor %}
    from aged_together
    inner join {{ attribution_models() }} as models on aged_together.model in ('every', models.model)
    group by 1, 2, 3, 4

),

months as (

    select distinct cast({{ dbt.date_trunc('month', 'on_date') }} as date) as month
    from {{ days_from_to('(select min(cohort_month) from ' ~ ref('int_purchases') ~ ')', as_of()) }} as days

),

grid as (

    select
        heads.month, heads.channel, heads.model, heads.new_customers, heads.customers, heads.squares_0,
        {{ months_between('heads.month', 'months.month') }} as age_month,
        cast(months.month + interval '1' month as date) <= as_of.as_of_on as is_mature
    from heads
    inner join months on heads.month <= months.month
    cross join as_of

),

cumulated as (

    select
        grid.*,
        {% for figure in figures %}
        sum(coalesce(aged.{{ figure }}, 0)) over (
            partition by grid.month, grid.channel, grid.model order by grid.age_month rows between unbounded preceding and current row
        ) as {{ figure }}{{ ',' if not loop.last }}
        {% endfor %}
    from grid
    left join aged
        on grid.month = aged.month and grid.channel = aged.channel and grid.model = aged.model and grid.age_month = aged.age_month

),

-- the mean of shared customers is a ratio of two sums; its variance by linearisation (Cochran 1977, section 6.3), n − 1 for n
measured as (

    select
        cumulated.*,
        cast(costed_receivable_cny as double) / nullif(cast(receivable_cny as double), 0) as coverage,
        cast(value_cny as double) / nullif(cast(new_customers as double), 0) as mean_cny,
        1.96 * sqrt(greatest(
            cast(squares_2 as double)
            - 2 * cast(value_cny as double) / nullif(cast(new_customers as double), 0) * cast(squares_1 as double)
            + power(cast(value_cny as double) / nullif(cast(new_customers as double), 0), 2) * cast(squares_0 as double), 0
        ) * cast(customers as double) / nullif(cast(customers - 1 as double), 0)) / nullif(cast(new_customers as double), 0) as spread_cny
    from cumulated

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
    cast(coverage as decimal(9, 8)) as contribution_coverage,
    {% set stands = 'is_mature and coverage >= ' ~ var('min_contribution_coverage') %}
    case when {{ stands }} then {{ unit_amount('value_cny', 'new_customers') }} end as value_per_customer_cny,
    case when {{ stands }} then cast(round(mean_cny - spread_cny, 8) as decimal(18, 2)) end as value_low_cny,
    case when {{ stands }} then cast(round(mean_cny + spread_cny, 8) as decimal(18, 2)) end as value_high_cny,
    is_mature
from measured
