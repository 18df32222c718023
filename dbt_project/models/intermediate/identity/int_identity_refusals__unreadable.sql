-- Values that nobody can read (masked, ciphertext, invalid…), record by record: enough to count them per kind of key.
select distinct
    uses.record_key,
    'class:' || coalesce(uses.key_class, 'none') as rule,
    uses.key_type,
    uses.key_scope,
    'the value is ' || coalesce(uses.key_class, 'of no class') as reason
from {{ ref('int_identity_uses') }} as uses
where not {{ is_usable('uses') }} and not {{ stands_for_nobody('uses') }}
