-- The vendor's identity map, one row per wid and channel identity: evidence of who is who; when a relation began it does not say.
select {{ canonical('contacts', {
    'contact_key': "'weimob_identity|' || _record_key",
    'record_key': '_record_key',
    'channel': "'mini_program'",
    'account': 'appid',
    'holder_type': "'brand'",
    'add_way': 'channel_type',
    'exported_at': '_exported_at',
    'is_current': true,
}) }}
from {{ newest('weimob', 'channels') }} as versions
where is_current
