-- Presales 预售 by the day of their deposit, and what became of the balance: paid, forfeited, called off, or still open. Beside it
-- what came in of balances on that same day, whenever their deposits were made.
with presales as (

    select
        order_key, platform, coalesce(shop, '') as shop, customer_id, deposit_paid_at, paid_at, is_paid, deposit_cny,
        cast(receivable_cny - deposit_cny as decimal(18, 2)) as balance_cny,
        net_revenue_cny,
        case
            when is_paid then 'paid'
            when order_class = 'deposit_forfeit' then 'forfeited'
            when order_status = 'closed' then 'cancelled'
            else 'open'
        end as outcome
    from {{ ref('int_orders') }}
    where deposit_paid_at is not null and order_class in ('consumer_sale', 'deposit_forfeit')

),

deposited as (

    select
        cast(deposit_paid_at as date) as on_date, platform, shop,
        count(*) as deposits,
        sum(deposit_cny) as deposit_cny,
        sum(balance_cny) as balance_due_cny,
        count(case when outcome = 'paid' then 1 end) as balances_paid,
        sum(case when outcome = 'paid' then balance_cny else 0 end) as balance_paid_cny,
        count(case when outcome = 'forfeited' then 1 end) as forfeited,
        sum(case when outcome = 'forfeited' then deposit_cny else 0 end) as forfeited_deposit_cny,
        count(case when outcome = 'cancelled' then 1 end) as cancelled,
        count(case when outcome = 'open' then 1 end) as open_balances,
        sum(case when outcome = 'open' then balance_cny else 0 end) as balance_open_cny,
        sum(case when outcome = 'paid' then net_revenue_cny end) as net_revenue_cny,
        median(case when outcome = 'paid' then {{ days_between('deposit_paid_at', 'paid_at') }} end) as median_days
    from presales
    group by 1, 2, 3

),

received as (

    select cast(paid_at as date) as on_date, platform, shop, count(*) as balances, sum(balance_cny) as balance_cny
    from presales
    where outcome = 'paid'
    group by 1, 2, 3

),

row_keys as (

    select on_date, platform, shop from deposited
    union
    select on_date, platform, shop from received

)

select
    -- the row
    row_keys.on_date,
    row_keys.platform,
    row_keys.shop,
    -- deposits of the day
    cast(coalesce(deposited.deposits, 0) as bigint) as deposits,
    cast(coalesce(deposited.deposit_cny, 0) as decimal(18, 2)) as deposit_cny,
    cast(coalesce(deposited.balance_due_cny, 0) as decimal(18, 2)) as balance_due_cny,
    -- what became of them
    cast(coalesce(deposited.balances_paid, 0) as bigint) as balances_paid,
    cast(coalesce(deposited.balance_paid_cny, 0) as decimal(18, 2)) as balance_paid_cny,
    cast(coalesce(deposited.forfeited, 0) as bigint) as forfeited,
    cast(coalesce(deposited.forfeited_deposit_cny, 0) as decimal(18, 2)) as forfeited_deposit_cny,
    cast(coalesce(deposited.cancelled, 0) as bigint) as cancelled,
    cast(coalesce(deposited.open_balances, 0) as bigint) as open_balances,
    cast(coalesce(deposited.balance_open_cny, 0) as decimal(18, 2)) as balance_open_cny,
    {{ ratio('deposited.balances_paid', 'deposited.deposits - deposited.open_balances') }} as balance_paid_rate,
    cast(deposited.median_days as decimal(18, 2)) as median_days,
    cast(deposited.net_revenue_cny as decimal(18, 2)) as net_revenue_cny,
    -- balances that came in on the day
    cast(coalesce(received.balances, 0) as bigint) as balances_received,
    cast(coalesce(received.balance_cny, 0) as decimal(18, 2)) as balance_received_cny,
    coalesce(deposited.open_balances, 0) > 0 as is_provisional
from row_keys
left join deposited
    on row_keys.on_date = deposited.on_date and row_keys.platform = deposited.platform and row_keys.shop = deposited.shop
left join received
    on row_keys.on_date = received.on_date and row_keys.platform = received.platform and row_keys.shop = received.shop
