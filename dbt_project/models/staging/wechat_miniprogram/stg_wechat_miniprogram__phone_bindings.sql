-- Giving the phone away is an act of the customer, one row per person and phone.
select {{ canonical('touches', {
    'touch_key': "'phone:' || _record_key",
    'record_key': '_record_key',
    'touched_at': 'bound_at',
    'channel': "'mini_program'",
    'domain': "'private'",
    'campaign': 'source_code',
    'touch_type': "'form'",
    'evidence': "'person'",
}) }}
from {{ newest('wechat_miniprogram', 'phone_bindings') }} as versions
where is_current
