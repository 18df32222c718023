-- How much of the revenue hangs on how few customers, over the 365 days up to the end of each month. Known buyers with
-- money left after refunds only; the revenue without a buyer stands beside it, and where it is too large nothing is said. In the first
-- year the window is shorter (window_days): more of the buyers have then bought once, so months of unequal windows do not compare.
with as_of as (

    select max(as_of_on) as as_of_on from {{ source('lake', 'context') }}

),

months as (

    select
        cast({{ dbt.date_trunc('month', 'on_date') }} as date) as month,
        max(on_date) as last_day,
        least({{ days_between('(select min(paid_on) from ' ~ ref('int_purchases') ~ ')', 'max(on_date)') }} + 1, 365) as window_days
    from {{ days_from_to('(select min(paid_on) from ' ~ ref('int_purchases') ~ ')', as_of()) }} as days
    group by 1

),

bought as (

    select
        months.month,
        purchases.customer_id,
        sum(purchases.net_revenue_cny) as net_revenue_cny,
        sum(purchases.receivable_cny) as receivable_cny
    from months
    inner join {{ ref('int_purchases') }} as purchases
        on purchases.paid_on <= months.last_day and {{ days_between('purchases.paid_on', 'months.last_day') }} < 365
    group by 1, 2

),

ranked as (

    select
        month, customer_id, net_revenue_cny,
        row_number() over (partition by month order by net_revenue_cny desc, customer_id) as place,
        count(*) over (partition by month) as buyers
    from bought
    where customer_id is not null and net_revenue_cny > 0

),

summed as (

    select
        month,
        max(buyers) as buyers,
        sum(net_revenue_cny) as net_revenue_cny,
        {% for percent in [1, 5, 10, 20] %}
        sum(case when place <= ceil(buyers * {{ percent }} / 100.0) then net_revenue_cny end) as top_{{ percent }}_cny,
        {% endfor %}
        -- Gini of a list sorted from the largest: (n + 1 − 2 Σ place × amount / Σ amount) / n, negated for that order (Sen 1973)
        sum(cast(place as decimal(18, 0)) * net_revenue_cny) as weighted_cny
    from ranked
    group by 1

),

unknown as (

    select
        month,
        sum(case when customer_id is null then net_revenue_cny end) as net_revenue_cny,
        cast(sum(case when customer_id is not null then receivable_cny else 0 end) as double)
            / nullif(cast(sum(receivable_cny) as double), 0) as identified_revenue_share
    from bought
    group by 1

)

{% set told = 'coalesce(unknown.identified_revenue_share >= ' ~ var('min_identified_revenue_share') ~ ', true)' %}
select
    summed.month,
    cast(months.window_days as bigint) as window_days,
    case when {{ told }} then cast(summed.buyers as bigint) end as buyers,
    cast(summed.net_revenue_cny as decimal(18, 2)) as net_revenue_cny,
    {% for percent in [1, 5, 10, 20] %}
    case when {{ told }}
        then cast(cast(summed.top_{{ percent }}_cny as double) / cast(summed.net_revenue_cny as double) as decimal(9, 8)) end as top_{{ percent }}_share,
    {% endfor %}
    case when {{ told }}
        then cast((cast(summed.buyers as double) + 1 - 2 * cast(summed.weighted_cny as double) / cast(summed.net_revenue_cny as double))
            / cast(summed.buyers as double) as decimal(9, 8)) end as gini,
    cast(coalesce(unknown.net_revenue_cny, 0) as decimal(18, 2)) as unidentified_net_revenue_cny,
    cast(unknown.identified_revenue_share as decimal(9, 8)) as identified_revenue_share,
    cast(summed.month + interval '1' month as date) <= as_of.as_of_on as is_mature,
    case when not {{ told }} then 'identified_share_low' end as why_null
from summed
cross join as_of
inner join months on summed.month = months.month
left join unknown on summed.month = unknown.month
