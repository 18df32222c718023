-- The private channels beside each other, month by month, one figure per row: accessibility, influence (IP), endurance; closeness,
-- understanding, investment; the three moneys that are never one; cost per contact.
with sales as (

    select
        order_key, customer_id, converted_at, net_revenue_cny, domain,
        cast({{ dbt.date_trunc('month', 'paid_on') }} as date) as month,
        coalesce(entry_channel, platform) as channel
    from {{ ref('int_conversions') }}

),

-- every touch of an order stands in the linear model; what nobody can know has no touch to look at
unpaid as (

    select month, sum(net_cny) as known_cny, sum(case when paid_touches = 0 then net_cny else 0 end) as unpaid_cny
    from (
        select
            cast({{ dbt.date_trunc('month', 'max(ledger.paid_on)') }} as date) as month,
            sum(ledger.attributed_revenue_cny) as net_cny,
            max(case when channels.kind = 'paid' then 1 else 0 end) as paid_touches
        from {{ ref('fct_attribution') }} as ledger
        left join {{ ref('channels') }} as channels on ledger.channel = channels.channel
        where ledger.model = 'linear' and ledger.channel not in ('unidentified', 'pending')
        group by ledger.order_key
    ) as orders
    group by 1

),

amounts as (

    select month, channel, 'placed_private_cny' as metric, net_revenue_cny as amount_cny from sales where domain = 'private'
    union all
    select cast({{ dbt.date_trunc('month', 'paid_on') }} as date), channel, 'credited_private_cny:' || model, sum(attributed_revenue_cny)
    from {{ ref('fct_attribution') }}
    where domain = 'private'
    group by 1, 2, 3
    union all
    select sales.month, stays.channel, 'pool_member_cny', sales.net_revenue_cny
    from sales
    inner join {{ ref('int_pool_stays') }} as stays
        on stays.kind = 'any' and sales.customer_id = stays.holder
        and stays.entered_at <= sales.converted_at and (stays.left_at is null or stays.left_at > sales.converted_at)
    left join {{ ref('channels') }} as channels on stays.channel = channels.channel
    where stays.channel = 'all' or channels.domain = 'private'

),

summed as (

    select month, channel, metric, sum(amount_cny) as amount_cny from amounts group by 1, 2, 3
    union all
    select month, 'all', metric, sum(amount_cny) from amounts where metric <> 'pool_member_cny' group by 1, 3

),

totals as (

    select month, sum(net_revenue_cny) as net_revenue_cny from sales group by 1

),

scored as (

    {% for part in ['int_scores__endurance', 'int_scores__influence', 'int_scores__reach'] %}
    select month, channel, metric, numerator, denominator, value, low, high from {{ ref(part) }}
    union all
    {% endfor %}
    select
        summed.month, summed.channel, summed.metric, cast(summed.amount_cny as double), cast(totals.net_revenue_cny as double),
        cast(summed.amount_cny as double), cast(null as double), cast(null as double)
    from summed
    left join totals on summed.month = totals.month
    union all
    select
        month, 'all', 'unpaid_traffic_share', cast(unpaid_cny as double), cast(known_cny as double),
        cast(unpaid_cny as double) / nullif(cast(known_cny as double), 0), null, null
    from unpaid

)

select
    -- the row
    month,
    cast(channel as string) as channel,
    cast(metric as string) as metric,
    -- what it is made of
    cast(round(numerator, 8) as decimal(28, 8)) as numerator,
    cast(round(denominator, 8) as decimal(28, 8)) as denominator,
    -- what it says, and how surely
    cast(round(value, 8) as decimal(28, 8)) as value,
    cast(round(low, 8) as decimal(28, 8)) as low,
    cast(round(high, 8) as decimal(28, 8)) as high
from scored
where value is not null
