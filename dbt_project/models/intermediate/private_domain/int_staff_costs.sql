-- What a colleague cost a day. A cost that names the colleague is theirs; the others are a channel's, shared out evenly, to the
-- cent, over the days of the month on which its colleagues held anybody. A month nobody held anybody has nobody to bear it.
with costs as (

    select
        cast({{ dbt.date_trunc('month', 'spend.on_date') }} as date) as month, spend.channel, staff.staff_id,
        {{ cents('sum(spend.cost_cny)') }} as month_cents
    from {{ ref('int_spend') }} as spend
    left join (select distinct staff_id from {{ ref('int_contacts') }} where staff_id is not null) as staff on spend.content = staff.staff_id
    where spend.is_total_level and spend.cost_type = 'staff'
    group by 1, 2, 3

),

held as (

    select
        contacts.staff_id, contacts.channel, days.on_date, cast({{ dbt.date_trunc('month', 'days.on_date') }} as date) as month
    from {{ days_from_to("(select coalesce(min(month), cast('9999-12-31' as date)) from costs)", as_of()) }} as days
    inner join {{ ref('int_contacts') }} as contacts
        on contacts.staff_id is not null and cast(contacts.opened_at as date) <= days.on_date
        and (contacts.closed_at is null or cast(contacts.closed_at as date) > days.on_date)
    group by 1, 2, 3, 4

),

borne as (

    select costs.month, costs.channel, '' as named, held.on_date, held.staff_id, costs.month_cents, 1 as part
    from costs
    inner join held on costs.month = held.month and costs.channel = held.channel
    where costs.staff_id is null
    union all
    select costs.month, costs.channel, costs.staff_id, days.on_date, costs.staff_id, costs.month_cents, 1
    from costs
    inner join (select distinct month, staff_id, on_date from held) as days on costs.month = days.month and costs.staff_id = days.staff_id

)

select on_date, staff_id, {{ yuan('sum(cents)') }} as cost_cny
from {{ largest_remainder('borne', ['month', 'channel', 'named'], 'month_cents', 'part', 'on_date, staff_id', 'cents') }} as shared
group by 1, 2
