-- Members of the Youzan shop, one row per member as last listed; customers who never joined are no members.
with last_listed as (

    select
        versions.*,
        row_number() over (partition by _record_key order by _exported_at desc, is_current desc, _line desc) as place
    from {{ newest('youzan', 'customers') }} as versions
    where coalesce(is_member, joined_at is not null)

)

select {{ canonical('members', {
    'record_key': '_record_key',
    'member_id': "case when yz_open_id_class = 'ok' then yz_open_id end",
    'level': 'coalesce(paid_level, level)',
    'joined_at': "coalesce(joined_at, case when customer_at > timestamp '2000-01-01 00:00:00' then customer_at end)",
    'province': true,
    'birth_month': true,
    'register_channel': 'coalesce(source_way, source_channel)',
    'exported_at': '_exported_at',
}) }}
from last_listed
where place = 1
