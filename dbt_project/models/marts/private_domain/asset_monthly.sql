-- What the pond is worth at the end of each month, and why it is not what it was: who came, who left, who became worth more.
with months as (

    -- every month since the first person came: a month at whose end nobody was left has lost them all
    select distinct cast({{ dbt.date_trunc('month', 'on_date') }} as date) as month
    from {{ days_from_to("(select coalesce(min(month), cast('9999-12-31' as date)) from " ~ ref('int_pool_months') ~ ")", as_of()) }} as every_day

),

methods as (

    select
        month,
        max(case when horizon_days = 365 then method end) as method,
        max(case when horizon_days = 365 and is_known then 1 else 0 end) = 1 as is_known
    from {{ ref('int_pool_values') }}
    group by 1

),

pools as (

    select channel from {{ ref('int_pool_months') }}
    union
    select channel from {{ ref('int_pool_costs') }}
    union
    select 'all'

),

final as (

    select
        months.month, pools.channel,
        -- nobody to value is worth nothing, and before the first month there was nobody
        coalesce(methods.method, 'nobody_reachable') as method,
        coalesce(methods.is_known, true) as is_known,
        coalesce(before.is_known, true) as was_known,
        moved.opening_cents, moved.added_cents, moved.revalued_cents, moved.lost_cents, moved.closing_cents,
        ranges.low_cents, ranges.high_cents, ranges.next_90d_cents, ranges.next_90d_low_cents, ranges.next_90d_high_cents,
        ranges.reachable_contacts, costs.build_cny, costs.keep_cny, told.month is not null as is_cost_told
    from months
    cross join pools
    left join methods on months.month = methods.month
    left join methods as before on before.month = cast(months.month - interval '1' month as date)
    left join {{ ref('int_pool_values__moved') }} as moved on months.month = moved.month and pools.channel = moved.channel
    left join {{ ref('int_pool_values__shared') }} as ranges on months.month = ranges.month and pools.channel = ranges.channel
    left join {{ ref('int_pool_costs') }} as costs on months.month = costs.month and pools.channel = costs.channel
    left join (select distinct month from {{ ref('int_pool_costs') }}) as told on months.month = told.month

)

select
    -- the row
    month,
    channel,
    -- the roll-forward
    case when was_known then {{ yuan('coalesce(opening_cents, 0)') }} end as opening_value_cny,
    {% for step in ['added', 'revalued', 'lost'] %}
    case when is_known and was_known then {{ yuan('coalesce(' ~ step ~ '_cents, 0)') }} end as {{ step }}_cny,
    {% endfor %}
    case when is_known then {{ yuan('coalesce(closing_cents, 0)') }} end as closing_value_cny,
    -- how sure
    case when is_known then {{ yuan('coalesce(low_cents, 0)') }} end as low_cny,
    case when is_known then {{ yuan('coalesce(high_cents, 0)') }} end as high_cny,
    cast(method as string) as method,
    -- per head
    cast(coalesce(reachable_contacts, 0) as bigint) as reachable_contacts,
    case when is_known then {{ unit_amount(yuan('coalesce(closing_cents, 0)'), 'coalesce(reachable_contacts, 0)') }} end as value_per_contact_cny,
    -- what it cost
    case when is_cost_told then cast(coalesce(build_cny, 0) as decimal(18, 2)) end as build_cost_cny,
    case when is_cost_told then cast(coalesce(keep_cny, 0) as decimal(18, 2)) end as keep_cost_cny,
    -- the next 90 days, known earlier than the next 365
    {% for name in ['next_90d', 'next_90d_low', 'next_90d_high'] %}
    {{ yuan(name ~ '_cents') }} as {{ name }}_cny{{ ',' if not loop.last }}
    {% endfor %}
from final
