-- Today's stock is yesterday's plus who came less who left, and no day is missing between the first and the last.
select *
from (
    select
        channel, on_date, identified_stock, new_contacts, lost_contacts,
        coalesce(lag(identified_stock) over (partition by channel order by on_date), 0) as stock_before,
        lag(on_date) over (partition by channel order by on_date) as day_before
    from {{ ref('pool_daily') }}
) as days
where identified_stock <> stock_before + new_contacts - lost_contacts
    or {{ days_between('day_before', 'on_date') }} <> 1
