-- An order may stand on many records, of several exports: its number makes them one.
select uses.record_key, uses.record_id, min(uses.key_scope || '|' || uses.key_token) as order_number
from {{ ref('int_identity_uses') }} as uses
where uses.is_bridge and uses.key_type = 'order_id' and {{ is_usable('uses') }}
group by uses.record_key, uses.record_id
