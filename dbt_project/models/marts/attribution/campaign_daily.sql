-- channel_daily, one level deeper. Orders do not say which ad account paid for a campaign; where cost files show a
-- campaign in exactly one account, its credit is shown there too.
with spend as (

    select
        on_date, coalesce(channel, 'unknown') as channel, coalesce(account, '') as account, coalesce(campaign, '') as campaign,
        cost_cny, impressions, clicks, platform_conversions, platform_revenue_cny
    from {{ ref('int_spend__daily') }}
    where is_total_level

),

accounts as (

    select channel, campaign, max(account) as account
    from spend
    where campaign <> ''
    group by 1, 2
    having count(distinct account) = 1

),

ledger as (

    select
        ledger.paid_on as on_date, ledger.channel, coalesce(accounts.account, '') as account, coalesce(ledger.campaign, '') as campaign,
        ledger.model, ledger.credit, ledger.attributed_revenue_cny, ledger.attributed_receivable_cny,
        ledger.customer_id is not null as is_identified, ledger.is_new_customer, ledger.is_provisional
    from {{ ref('fct_attribution') }} as ledger
    left join accounts on ledger.channel = accounts.channel and ledger.campaign = accounts.campaign

),

{{ spend_beside_credit(['channel', 'account', 'campaign']) }}

select
    -- the row
    on_date,
    channel,
    account,
    campaign,
    model,
    observability,
    {{ spend_beside_credit_columns() }}
from reported
