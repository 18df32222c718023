-- Source total and deductions add up to net revenue, month by month and platform by platform, to the cent.
select
    month,
    platform,
    sum(case when step <> 'net' then amount_cny else 0 end) as bridged_cny,
    sum(case when step = 'net' then amount_cny else 0 end) as net_cny
from {{ ref('revenue_bridge') }}
group by 1, 2
having sum(case when step <> 'net' then amount_cny else -amount_cny end) <> 0
