{# CTEs that put cost beside credit at one grain: channel_daily and campaign_daily differ in their keys and in nothing else.
   Expects the CTEs `ledger` (on_date, model, the keys, credit, attributed_revenue_cny, attributed_receivable_cny,
   is_identified, is_new_customer, is_provisional) and `spend` (on_date, the keys, the figures of int_spend).
   Leaves the CTE `reported`. A cost without credit and credit without a cost are rows like any other; spend is the same
   under every model; credit that cannot be seen is NULL (not_observable), never 0. #}
{% macro spend_beside_credit(keys) -%}
{%- set listed = keys | join(', ') -%}
{%- set truths = "('no_touch', 'unidentified', 'pending')" -%}
credited as (

    select
        on_date, {{ listed }}, model,
        sum(credit) as credited_orders,
        sum(attributed_revenue_cny) as credited_revenue_cny,
        sum(case when is_new_customer then credit else cast(0 as decimal(9, 8)) end) as credited_new_customers,
        sum(case when attributed_revenue_cny is null then credit else cast(0 as decimal(9, 8)) end) as credited_orders_without_net,
        cast(sum(case when is_identified then attributed_receivable_cny else 0 end) as double)
            / nullif(cast(sum(attributed_receivable_cny) as double), 0) as identified_revenue_share,
        max(case when is_provisional then 1 else 0 end) as provisional_rows
    from ledger
    group by {% for _ in keys %}{{ loop.index }}, {% endfor %}{{ keys | length + 1 }}, {{ keys | length + 2 }}

),

spent as (

    select
        on_date, {{ listed }},
        sum(cost_cny) as spend_cny,
        sum(impressions) as impressions,
        sum(clicks) as clicks,
        sum(platform_conversions) as platform_conversions,
        sum(platform_revenue_cny) as platform_revenue_cny
    from spend
    group by {% for _ in keys %}{{ loop.index }}, {% endfor %}{{ keys | length + 1 }}

),

row_keys as (

    select on_date, {{ listed }} from spent
    union
    select on_date, {{ listed }} from credited

),

beside as (

    select
        row_keys.on_date, {% for key in keys %}row_keys.{{ key }}, {% endfor %}models.model,
        case when days.is_spend_complete then coalesce(spent.spend_cny, 0) else spent.spend_cny end as spend_cny,
        spent.impressions, spent.clicks, spent.platform_conversions, spent.platform_revenue_cny,
        case when row_keys.channel in {{ truths }} then 'none' else coalesce(channels.observability, 'none') end as observability,
        coalesce(channels.observability, 'none') in ('aggregate', 'none') and credited.model is null
            and row_keys.channel not in {{ truths }} as is_not_observable,
        coalesce(credited.credited_orders, 0) as credited_orders,
        case when credited.model is null then 0 else credited.credited_revenue_cny end as credited_revenue_cny,
        coalesce(credited.credited_new_customers, 0) as credited_new_customers,
        coalesce(credited.credited_orders_without_net, 0) as credited_orders_without_net,
        credited.identified_revenue_share,
        coalesce(days.is_spend_complete and days.are_orders_complete, false) as is_complete,
        coalesce(credited.provisional_rows, 0) > 0 as is_provisional
    from row_keys
    cross join {{ attribution_models() }} as models
    left join credited
        on row_keys.on_date = credited.on_date and models.model = credited.model
        {%- for key in keys %} and row_keys.{{ key }} = credited.{{ key }}{% endfor %}
    left join spent
        on row_keys.on_date = spent.on_date{% for key in keys %} and row_keys.{{ key }} = spent.{{ key }}{% endfor %}
    left join {{ ref('channels') }} as channels on row_keys.channel = channels.channel
    left join {{ ref('int_channel_days__covered') }} as days
        on row_keys.on_date = days.on_date and row_keys.channel = days.channel

),

reported as (

    select
        beside.*,
        case
            when is_not_observable then 'not_observable'
            when identified_revenue_share < {{ var('min_identified_revenue_share') }} then 'identified_share_low'
        end as why_null
    from beside

)
{%- endmacro %}

{# The measured columns of such a report, cast and with their NULL rules; one list, so that the reports cannot drift apart. #}
{% macro spend_beside_credit_columns() -%}
    -- what it cost
    cast(spend_cny as decimal(18, 2)) as spend_cny,
    cast(impressions as bigint) as impressions,
    cast(clicks as bigint) as clicks,
    -- what it earned
    case when not is_not_observable then cast(credited_orders as decimal(28, 8)) end as credited_orders,
    case when not is_not_observable then cast(credited_revenue_cny as decimal(18, 2)) end as credited_revenue_cny,
    case when why_null is null then cast(credited_new_customers as decimal(28, 8)) end as credited_new_customers,
    case when not is_not_observable then cast(credited_orders_without_net as decimal(28, 8)) end as credited_orders_without_net,
    -- what the platform says it earned: every platform counts each order it saw, so together they count many twice
    cast(platform_conversions as decimal(18, 8)) as platform_conversions,
    cast(platform_revenue_cny as decimal(18, 2)) as platform_revenue_cny,
    -- ratios
    case when not is_not_observable then {{ ratio('credited_revenue_cny', 'spend_cny') }} end as roas,
    {{ ratio('platform_revenue_cny', 'spend_cny') }} as platform_roas,
    case when why_null is null and spend_cny > 0 then {{ unit_amount('spend_cny', 'credited_new_customers') }} end as cac_cny,
    case when not is_not_observable and spend_cny > 0 then {{ unit_amount('spend_cny', 'credited_orders') }} end as cost_per_order_cny,
    -- how far to trust it
    cast(identified_revenue_share as decimal(9, 8)) as identified_revenue_share,
    is_complete,
    is_provisional,
    why_null
{%- endmacro %}
