-- Guides and their customers, one row per binding and snapshot. Who left the whole list is bound no more.
select {{ canonical('contacts', {
    'contact_key': "'guide|' || _record_key",
    'record_key': '_record_key',
    'channel': "'guide'",
    'account': true,
    'staff_id': 'guide_id',
    'holder_type': "'staff'",
    'opened_at': "coalesce(bound_at, case when unbound_at is null and coalesce(binding_status, '') <> 'unbound' then _exported_at end)",
    'closed_at': "coalesce(unbound_at, case when binding_status = 'unbound' then _exported_at end, absent_at)",
    'close_reason': "case when unbound_at is not null or binding_status = 'unbound' then 'unbound' when absent_at is not null then 'absent' end",
    'add_way': 'bind_scene',
    'exported_at': '_exported_at',
    'is_current': true,
}) }}
from {{ newest('store', 'guide_bindings') }} as versions
