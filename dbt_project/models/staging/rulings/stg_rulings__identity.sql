-- Rulings on identity for the audit, one row per ruling in force; which keys each speaks of: stg_rulings__identity__keys.
select {{ canonical('rulings', {
    'ruling_key': '_record_key',
    'ruling_kind': "case verdict when 'same' then 'identity_link' else 'identity_' || verdict end",
    'subject': 'coalesce(key_token, unionid, external_userid, openid, yz_open_id, phone, member_id, ruling_id)',
    'verdict': 'verdict',
    'detail': 'other_key_token',
    'reason': true,
    'ruled_by': true,
    'ruled_on': true,
    'valid_from': 'ruled_on',
}) }}
from {{ newest('rulings', 'identity') }} as versions
where is_current and status <> 'withdrawn' and verdict in ('same', 'different', 'blocked')
