-- Letting the platform confirm the phone 绑定手机号, one row per person and phone: told, but no answer to marketing. The shop asks for it to log in
-- or to deliver.
select {{ canonical('touches', {
    'touch_key': "'phone:' || _record_key",
    'record_key': '_record_key',
    'touched_at': 'bound_at',
    'channel': "'mini_program'",
    'domain': "'private'",
    'campaign': 'source_code',
    'touch_type': "'bind'",
    'evidence': "'person'",
}) }}
from {{ newest('wechat_miniprogram', 'phone_bindings') }} as versions
where is_current
