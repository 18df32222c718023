-- Who could be written to free of charge at the end of each month, and through which private channels: `reach` is the sum of the
-- codes of these channels, so that a person of several channels is one row and people alike are counted together.
select
    months.month,
    months.end_on,
    months.holder,
    cast(sum(codes.code) as bigint) as reach
from {{ ref('int_pool_months') }} as months
inner join {{ pool_channel_codes() }} as codes on months.channel = codes.channel
where months.is_reachable
group by 1, 2, 3
