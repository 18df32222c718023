-- What a channel cost on a day and what it earned, side by side. Credit is dated by payment.
with ledger as (

    select
        paid_on as on_date, channel, model, credit, attributed_revenue_cny, attributed_receivable_cny,
        customer_id is not null as is_identified, is_new_customer, is_provisional
    from {{ ref('fct_attribution') }}

),

spend as (

    select on_date, coalesce(channel, 'unknown') as channel, cost_cny, impressions, clicks, platform_conversions, platform_revenue_cny
    from {{ ref('int_spend__daily') }}
    where is_total_level

),

{{ spend_beside_credit(['channel']) }}

select
    -- the row
    on_date,
    channel,
    model,
    observability,
    {{ spend_beside_credit_columns() }}
from reported
