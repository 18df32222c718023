-- Money that a spend report's total holds and its rows do not (a product-less plan like 全店托管 has a total and no row): the difference as a row of
-- its own, so that spend closes with what the platform charged. Only reports whose contract calls the total `at_least` leave something out.
-- The newest report of an account and day speaks; one that states no surplus takes an older one back.
with stated as (

    select
        controls.source || '/' || controls.export as export_id,
        controls.delivery_id,
        controls.account,
        controls.exported_at,
        coalesce(controls.business_on, days.on_date) as on_date,
        sum(controls.stated - controls.found) as surplus_cny
    from {{ source('lake', 'controls') }} as controls
    left join {{ ref('int_spend__reported') }} as days on controls.delivery_id = days.delivery_id
    where controls.rule = 'at_least' and controls.column_name = 'spend_cny'
    group by 1, 2, 3, 4, 5

),

newest as (

    select
        stated.*,
        row_number() over (partition by export_id, coalesce(account, ''), on_date order by exported_at desc, delivery_id desc) as place
    from stated
    where on_date is not null

),

channels as (

    select split_part(spend_key, '|', 1) as export_id, case when count(distinct channel) = 1 then min(channel) else 'unknown' end as channel
    from {{ ref('int_spend__unioned') }}
    group by 1

)

select
    newest.export_id || '|surplus|' || coalesce(newest.account, '') || '|' || cast(newest.on_date as string) as spend_key,
    newest.on_date,
    coalesce(channels.channel, 'unknown') as channel,
    newest.account,
    cast(newest.surplus_cny as decimal(18, 2)) as cost_cny
from newest
left join channels on newest.export_id = channels.export_id
where newest.place = 1 and newest.surplus_cny > 0
