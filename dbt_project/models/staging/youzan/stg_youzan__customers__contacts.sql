-- Memberships of the Youzan shop as contacts, one row per member and snapshot: who vanished from the whole list left.
select {{ canonical('contacts', {
    'contact_key': "'member|' || _record_key",
    'record_key': '_record_key',
    'channel': "'member'",
    'account': true,
    'holder_type': "'brand'",
    'opened_at': "coalesce(joined_at, case when customer_at > timestamp '2000-01-01 00:00:00' then customer_at end, _exported_at)",
    'closed_at': 'absent_at',
    'close_reason': "case when absent_at is not null then 'absent' end",
    'source_code': 'source_way',
    'exported_at': '_exported_at',
    'is_current': true,
}) }}
from {{ newest('youzan', 'customers') }} as versions
where coalesce(is_member, joined_at is not null)
