-- Memberships of the Weimob shop as contacts, one row per member and snapshot. A wid that merged into an older one vanishes too.
select {{ canonical('contacts', {
    'contact_key': "'member|' || _record_key",
    'record_key': '_record_key',
    'channel': "'member'",
    'account': true,
    'holder_type': "'brand'",
    'opened_at': 'coalesce(joined_at, customer_at, _exported_at)',
    'closed_at': 'absent_at',
    'close_reason': "case when absent_at is not null then 'absent' end",
    'exported_at': '_exported_at',
    'is_current': true,
}) }}
from {{ newest('weimob', 'customers') }} as versions
where joined_at is not null or has_card
