-- Members of the Weimob shop, one row per member as last listed.
with last_listed as (

    select
        versions.*,
        row_number() over (partition by _record_key order by _exported_at desc, is_current desc, _line desc) as place
    from {{ newest('weimob', 'customers') }} as versions
    where joined_at is not null or has_card

)

select {{ canonical('members', {
    'record_key': '_record_key',
    'member_id': 'wid',
    'level': first_item('levels', 'level_id'),
    'joined_at': 'coalesce(joined_at, customer_at)',
    'register_channel': first_item('channels', 'source_channel'),
    'exported_at': '_exported_at',
}) }}
from last_listed
where place = 1
