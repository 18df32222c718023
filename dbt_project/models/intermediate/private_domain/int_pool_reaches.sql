-- Which channels each `held` or `reach` of int_pool_persons stands for, numbered in the alphabet's order. None where nobody is reached.
select
    reaches.reach,
    codes.channel,
    cast(row_number() over (partition by reaches.reach order by codes.channel) as bigint) as place,
    cast(count(*) over (partition by reaches.reach) as bigint) as channels
from (
    select held as reach from {{ ref('int_pool_persons') }}
    union
    select reach from {{ ref('int_pool_persons') }}
) as reaches
inner join {{ pool_channel_codes() }} as codes on {{ int_div('reaches.reach', 'codes.code') }} % 2 = 1
