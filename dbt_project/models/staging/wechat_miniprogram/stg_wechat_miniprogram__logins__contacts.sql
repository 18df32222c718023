-- Mini program users as contacts, one row per person: the first login opens it, and nothing tells that it ends.
{{ config(meta={'told_together': ['appid', 'openid']}) }}
select {{ canonical('contacts', {
    'contact_key': "'mini_program|' || appid || '|' || openid",
    'record_key': '_record_key',
    'channel': "'mini_program'",
    'account': 'appid',
    'holder_type': "'brand'",
    'opened_at': 'logged_in_at',
    'add_way': 'scene',
    'source_code': true,
    'exported_at': '_exported_at',
    'is_current': true,
}) }}
from {{ miniprogram_logins() }} as logins
where place = 1
