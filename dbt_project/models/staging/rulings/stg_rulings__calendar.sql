-- Promotions of the brand itself, one row per promotion, phase and first day.
select {{ canonical('rulings', {
    'ruling_key': '_record_key',
    'ruling_kind': "'promo'",
    'subject': "promo || '|' || phase || '|' || cast(starts_on as string)",
    'verdict': 'promo',
    'detail': 'phase',
    'reason': true,
    'ruled_by': true,
    'ruled_on': true,
    'valid_from': 'starts_on',
    'valid_to': 'ends_on',
}) }}
from {{ newest('rulings', 'calendar') }} as versions
where is_current and status <> 'withdrawn' and starts_on <= ends_on
