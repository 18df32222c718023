-- Returns that name the sale they undo, one row per return ticket.
select {{ canonical('refunds', {
    'refund_key': "'store:' || order_id",
    'order_key': "'store:' || original_order_id",
    'platform': "'store'",
    'refund_kind': "'return_refund'",
    'amount_cny': 'abs(total_cny)',
    'applied_at': 'ticket_at',
    'succeeded_at': 'case when not coalesce(is_void, false) then ticket_at end',
    'borne_by': "'merchant'",
    'known_at': '_exported_at',
}) }}
from {{ newest('store', 'tickets') }} as versions
where is_current and ticket_type = 'sell_return' and original_order_id is not null
