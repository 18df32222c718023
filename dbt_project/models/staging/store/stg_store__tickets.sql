-- Till tickets, one row per ticket that is a sale, or a return whose sale nobody can name: such money leaves under its own ticket.
-- A return that names its sale is a refund of it (see returns).
with tickets as (

    select
        versions.*,
        ticket_type = 'sell_return' as is_return,
        not coalesce(is_void, false) as is_valid
    from {{ newest('store', 'tickets') }} as versions
    where is_current and (ticket_type <> 'sell_return' or original_order_id is null)

)

select {{ canonical('orders', {
    'order_key': "'store:' || order_id",
    'platform': "'store'",
    'shop': 'coalesce(store_id, account)',
    'account': true,
    'order_id': true,
    'record_key': '_record_key',
    'entrance': "'store'",
    'ordered_at': 'ticket_at',
    'paid_at': 'case when is_valid then ticket_at end',
    'confirmed_at': 'case when is_valid then ticket_at end',
    'order_status': "case when is_valid then 'completed' else 'closed' end",
    'is_paid': 'is_valid',
    'list_cny': 'case when is_return then 0 else list_cny end',
    'merchant_discount_cny': 'case when is_return then 0 else greatest(list_cny - total_cny, 0) end',
    'platform_subsidy_cny': '0',
    'buyer_paid_cny': 'case when is_valid and not is_return then total_cny else 0 end',
    'receivable_cny': 'case when is_return then 0 else total_cny end',
    'refunded_cny': 'case when is_valid and is_return then abs(total_cny) else 0 end',
    'refunds_from': "'order_file'",
    'has_refund': 'is_valid and is_return',
    'class_hint': 'case when not is_return then ' ~ class_hint('is_valid', 'total_cny', only_item('lines', 'item_title')) ~ ' end',
    'is_anonymous': 'false',
    'is_paid_by_other': 'false',
    'traffic_pending': 'false',
    'transaction_id': true,
    'exported_at': '_exported_at',
}) }}
from tickets
