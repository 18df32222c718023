-- Fans of shop and live room, one row per fan and snapshot: a free channel that the platform shares with the brand.
select {{ canonical('contacts', {
    'contact_key': "'taobao_fan|' || _record_key",
    'record_key': '_record_key',
    'channel': "'taobao_fan'",
    'account': true,
    'holder_type': "'brand'",
    'opened_at': 'followed_at',
    'closed_at': 'absent_at',
    'close_reason': "case when absent_at is not null then 'absent' end",
    'exported_at': '_exported_at',
    'is_current': true,
}) }}
from {{ newest('taobao', 'fans') }} as versions
