-- Our figures beside those of whoever moved the money. Payments are tied to orders by payment number; a payment that
-- found no order and an order whose payment is not on the bill are both differences, named by their cause.
with as_of as (

    select max(as_of_on) as as_of_on from {{ source('lake', 'context') }}

),

bills as (

    select
        cast(paid_at as date) as on_date,
        platform as told_by,
        coalesce(shop, '') as shop,
        payment_key,
        amount_cny,
        matched_orders,
        case when matched_orders > 0 then orders_paid_cny else 0 end as ours_cny
    from {{ ref('int_payments') }}
    where kind = 'pay'

),

measured as (

    select on_date, told_by, shop, 'paid_amount' as metric,
        sum(ours_cny) as ours, sum(amount_cny) as theirs,
        sum(case when matched_orders = 0 then amount_cny else 0 end) as unmatched
    from bills
    group by 1, 2, 3
    union all
    select on_date, told_by, shop, 'payments',
        cast(sum(case when matched_orders > 0 then 1 else 0 end) as decimal(18, 2)), cast(count(*) as decimal(18, 2)),
        cast(sum(case when matched_orders = 0 then 1 else 0 end) as decimal(18, 2))
    from bills
    group by 1, 2, 3
    union all
    select cast(payments.paid_at as date), payments.platform, coalesce(payments.shop, ''), 'refunds',
        sum(case when payments.order_key is not null then payments.amount_cny else 0 end), sum(payments.amount_cny),
        sum(case when payments.order_key is null then payments.amount_cny else 0 end)
    from {{ ref('int_payments') }} as payments
    where payments.kind = 'refund'
    group by 1, 2, 3

),

compared as (

    select
        measured.*,
        theirs - ours as difference,
        cast(abs(theirs - ours) as double) / nullif(cast(abs(theirs) as double), 0) as difference_share,
        {{ days_between('measured.on_date', 'as_of.as_of_on') }} as days_old
    from measured
    cross join as_of

)

select
    on_date,
    told_by,
    shop,
    metric,
    cast(ours as decimal(18, 2)) as ours,
    cast(theirs as decimal(18, 2)) as theirs,
    cast(difference as decimal(18, 2)) as difference,
    cast(difference_share as decimal(18, 8)) as difference_share,
    case
        when difference = 0 then null
        when unmatched = difference then 'no_order_for_payment'
        when unmatched > 0 then 'no_order_and_other_amount'
        else 'other_amount'
    end as known_cause,
    case
        when days_old < 2 then 'too_early'
        when difference = 0 then 'ok'
        when difference_share > {{ var('tieout_critical_share') }} then 'critical'
        when difference_share > {{ var('tieout_warn_share') }} then 'warning'
        else 'ok'
    end as status
from compared
