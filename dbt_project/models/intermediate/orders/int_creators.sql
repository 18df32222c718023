-- Who a creator 达人 is, whichever way a file names them: order files give an id and a nickname, fee lists often the nickname alone. A nickname
-- stands for an id where exactly one id of the platform ever bore it, else it is a creator of its own: two people of one name are not made one.
with told as (

    select platform, creator_id, creator_name
    from {{ ref('int_orders') }}
    where creator_id is not null or creator_name is not null
    union
    select coalesce(channels.platform, spend.channel), spend.creator_id, spend.creator_name
    from {{ ref('int_spend') }} as spend
    left join {{ ref('channels') }} as channels on spend.channel = channels.channel
    where spend.creator_id is not null or spend.creator_name is not null

),

ids as (

    select platform, creator_id, min(creator_name) as creator_name
    from told
    where creator_id is not null
    group by 1, 2

),

names as (

    select platform, creator_name, case when count(distinct creator_id) = 1 then min(creator_id) end as creator_id
    from told
    where creator_name is not null
    group by 1, 2

),

aliases as (

    select platform, creator_id as alias, creator_id as creator, creator_id, creator_name, 1 as rank
    from ids
    union all
    -- a fee list may write the id into the column of names
    select
        names.platform, names.creator_name, coalesce(names.creator_id, 'name:' || names.creator_name), names.creator_id,
        case when names.creator_id is null then names.creator_name else ids.creator_name end, 2
    from names
    left join ids on names.platform = ids.platform and names.creator_id = ids.creator_id

),

ranked as (

    select aliases.*, row_number() over (partition by platform, alias order by rank, creator) as place
    from aliases

)

select platform, alias, creator, creator_id, creator_name
from ranked
where place = 1
