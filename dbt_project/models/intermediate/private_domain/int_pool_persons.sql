-- Who was in the pond at the end of each month: through which private channels (`held`), and through which of them they could be written to
-- free of charge (`reach`). Both are sums of the channels' codes, so that a person of several channels is one row and people alike are counted together.
select
    months.month,
    months.end_on,
    months.holder,
    cast(sum(codes.code) as bigint) as held,
    cast(sum(case when months.is_reachable then codes.code else 0 end) as bigint) as reach
from {{ ref('int_pool_months') }} as months
inner join {{ pool_channel_codes() }} as codes on months.channel = codes.channel
group by 1, 2, 3
