-- Followers, one row per follower and pull. Only what a pull says of somebody counts: subscribe = 0 closes, absence does not.
select {{ canonical('contacts', {
    'contact_key': "'oa|' || coalesce(account, '') || '|' || openid",
    'record_key': '_record_key',
    'channel': "'oa'",
    'account': true,
    'holder_type': "'brand'",
    'opened_at': 'case when is_following then coalesce(followed_at, _exported_at) end',
    'closed_at': 'case when not is_following then _exported_at end',
    'close_reason': "case when not is_following then 'closed_by_customer' end",
    'add_way': 'follow_scene',
    'source_code': 'coalesce(source_code, source_number)',
    'exported_at': '_exported_at',
    'is_current': true,
}) }}
from {{ newest('wechat_oa', 'users') }} as versions
