-- Refunds asked for and made. Where a platform tells only a sum in the order row, the sum is one row without times.
select
    cast(refund_key as string) as refund_key,
    order_key,
    line_key,
    platform,
    cast(refund_kind as string) as refund_kind,
    cast(amount_cny as decimal(18,2)) as amount_cny,
    applied_at,
    succeeded_at,
    is_succeeded,
    is_event,
    borne_by,
    reason,
    known_at
from {{ ref('int_refunds') }}
