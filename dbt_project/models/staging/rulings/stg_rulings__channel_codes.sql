-- What channel codes mean, one row per code and first day whose newest ruling was not taken back. A line that takes a code back without naming a
-- day takes back everything ruled on it before.
with rulings_now as (

    select * from {{ newest('rulings', 'channel_codes') }} as versions where is_current

),

withdrawn as (

    select code, max(_exported_at) as withdrawn_at
    from rulings_now
    where status = 'withdrawn' and valid_from_on = date '2000-01-01'
    group by 1

)

select {{ canonical('rulings', {
    'ruling_key': '_record_key',
    'ruling_kind': "'channel_code'",
    'subject': 'rulings_now.code',
    'verdict': 'channel',
    'detail': 'campaign',
    'reason': true,
    'ruled_by': true,
    'ruled_on': true,
    'valid_from': 'valid_from_on',
    'valid_to': 'valid_to_on',
}) }}
from rulings_now
left join withdrawn on rulings_now.code = withdrawn.code and withdrawn.withdrawn_at >= rulings_now._exported_at
where rulings_now.status <> 'withdrawn' and withdrawn.code is null
