-- Friends of the brand's personal accounts, one row per friendship and dump. A friend of an agent is the agent's, not the brand's.
select {{ canonical('contacts', {
    'contact_key': "'personal_friend|' || _record_key",
    'record_key': '_record_key',
    'channel': "'personal_friend'",
    'account': true,
    'staff_id': 'owner_wxid',
    'holder_type': "case when holder in ('staff', 'brand', 'koc', 'agent') then holder else 'staff' end",
    'opened_at': 'coalesce(added_at, case when coalesce(is_friend, true) then _exported_at end)',
    'closed_at': 'coalesce(case when not is_friend then _exported_at end, absent_at)',
    'close_reason': "case when not is_friend then 'closed_by_customer' when absent_at is not null then 'absent' end",
    'add_way': 'friend_source',
    'exported_at': '_exported_at',
    'is_current': true,
}) }}
from {{ newest('wechat_personal', 'friends') }} as versions
