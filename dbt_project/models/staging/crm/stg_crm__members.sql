-- Members, one row per member as last listed: who vanished from the list keeps the last known state.
with last_listed as (

    select
        versions.*,
        row_number() over (partition by _record_key order by _exported_at desc, is_current desc, _line desc) as place
    from {{ newest('crm', 'members') }} as versions

)

select {{ canonical('members', {
    'record_key': '_record_key',
    'member_id': true,
    'level': true,
    'joined_at': true,
    'province': true,
    'city': true,
    'birth_month': true,
    'consent_sms': true,
    'register_channel': true,
    'exported_at': '_exported_at',
}) }}
from last_listed
where place = 1
