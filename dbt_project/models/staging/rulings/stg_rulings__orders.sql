-- What orders really are, one row per order whose newest ruling was not taken back. A class nobody knows rules nothing.
select {{ canonical('rulings', {
    'ruling_key': '_record_key',
    'ruling_kind': "'order_class'",
    'subject': "platform || ':' || order_id",
    'verdict': 'order_class',
    'reason': true,
    'ruled_by': true,
    'ruled_on': true,
}) }}
from {{ newest('rulings', 'orders') }} as versions
where is_current and status <> 'withdrawn' and order_class not like 'unknown:%'
