-- Where each buyer of the year up to a month's end bought last: one row per month and buyer, however often they bought.
{{ config(materialized='ephemeral') }}
with months as (

    select distinct month, end_on from {{ ref('int_pool_months') }}

),

followed as (

    select
        customer_id, order_key, coalesce(entry_channel, platform) as channel, paid_on, converted_at,
        lead(paid_on) over (partition by customer_id order by converted_at, order_key desc) as next_paid_on
    from {{ ref('int_conversions') }}
    where customer_id is not null

),

-- buyers of the 365 days up to the month's end, and what they may have bought last: nothing that was paid before a later purchase was
candidates as (

    select
        months.month, followed.customer_id, followed.order_key, followed.channel, followed.converted_at, mixed.customer_id is not null as is_mixed
    from months
    inner join followed
        on followed.paid_on <= months.end_on and followed.paid_on > {{ days_before('months.end_on', var('core_window_days')) }}
        and (followed.next_paid_on is null or followed.next_paid_on < followed.paid_on or followed.next_paid_on > months.end_on)
    -- whose deposits were paid off in another order than they were made: of several that remain the latest decision counts
    left join (select distinct customer_id from followed where next_paid_on < paid_on) as mixed on followed.customer_id = mixed.customer_id

)

select month, customer_id, channel
from candidates
where not is_mixed
union all
select month, customer_id, channel
from (
    select candidates.*, row_number() over (partition by month, customer_id order by converted_at desc, order_key) as place
    from candidates
    where is_mixed
) as ranked
where place = 1
