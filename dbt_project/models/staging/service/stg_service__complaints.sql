-- Complaints, one row per complaint. Its order is named by platform and number, or found through the payment number on the record.
select {{ canonical('service', {
    'service_key': '_record_key',
    'record_key': '_record_key',
    'order_key': "platform || ':' || order_id",
    'channel': 'platform',
    'staff_id': true,
    'service_kind': "'complaint'",
    'outcome': "case when is_refunded then 'refunded' else complaint_state end",
    'happened_at': true,
    'resolved_at': true,
}) }}
from {{ newest('service', 'complaints') }} as versions
where is_current
