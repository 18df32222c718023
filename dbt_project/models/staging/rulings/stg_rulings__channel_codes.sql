-- What channel codes mean, one row per code whose newest ruling was not taken back.
select {{ canonical('rulings', {
    'ruling_key': '_record_key',
    'ruling_kind': "'channel_code'",
    'subject': 'code',
    'verdict': 'channel',
    'detail': 'campaign',
    'reason': true,
    'ruled_by': true,
    'ruled_on': true,
    'valid_from': 'valid_from_on',
    'valid_to': 'valid_to_on',
}) }}
from {{ newest('rulings', 'channel_codes') }} as versions
where is_current and status <> 'withdrawn'
