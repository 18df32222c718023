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
    'level': 'case when ' ~ list_size('levels') ~ ' > 0 then levels[1].level_id end',
    'joined_at': 'coalesce(joined_at, customer_at)',
    'register_channel': 'case when ' ~ list_size('channels') ~ ' > 0 then channels[1].source_channel end',
    'exported_at': '_exported_at',
}) }}
from last_listed
where place = 1
