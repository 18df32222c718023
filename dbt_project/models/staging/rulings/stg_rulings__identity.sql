-- Rulings on identity for the audit, one row per ruling in force. `same` works by itself: its keys stand on one record.
select {{ canonical('rulings', {
    'ruling_key': '_record_key',
    'ruling_kind': "'identity_' || verdict",
    'subject': 'coalesce(key_token, unionid, external_userid, openid, yz_open_id, phone, member_id, ruling_id)',
    'verdict': 'verdict',
    'detail': 'other_key_token',
    'reason': true,
    'ruled_by': true,
    'ruled_on': true,
}) }}
from {{ newest('rulings', 'identity') }} as versions
where is_current and status <> 'withdrawn' and verdict in ('same', 'different', 'blocked')
