-- Weimob orders, one row per order. The file names rights (售后) but no refunded amount: without rights nothing was refunded, with a whole
-- refund everything, else the amount is not in this file.
with rows_now as (

    select
        versions.*,
        coalesce(pay_status in ('paid', 'refunded'), false) or paid_at is not null or {{ is_paid_status('order_status') }} as paid_in_full
    from {{ newest('weimob', 'orders') }} as versions
    where is_current and not coalesce(is_deleted, false)

),

refunded as (

    select
        rows_now.*,
        case
            when not paid_in_full then 0
            when pay_status = 'refunded' or order_status = 'closed' then amount_paid_cny
            when {{ list_size('rights') }} = 0 then 0
        end as refund_cny
    from rows_now

)

select {{ canonical('orders', {
    'order_key': "'weimob:' || order_id",
    'platform': "'weimob'",
    'shop': 'coalesce(shop, shop_id, account)',
    'account': true,
    'order_id': true,
    'record_key': '_record_key',
    'entrance': "'weimob_shop'",
    'ordered_at': true,
    'paid_at': true,
    'confirmed_at': 'finished_at',
    'updated_at': true,
    'order_status': true,
    'is_paid': 'paid_in_full',
    'list_cny': true,
    'merchant_discount_cny': 'coalesce(discount_cny, 0)',
    'platform_subsidy_cny': '0',
    'buyer_paid_cny': 'case when paid_in_full then amount_paid_cny else 0 end',
    'receivable_cny': 'case when paid_in_full then amount_paid_cny else coalesce(due_cny, amount_paid_cny) end',
    'refunded_cny': 'refund_cny',
    'refunds_from': "case when refund_cny is null then 'other_file' else 'order_file' end",
    'has_refund': "refund_cny > 0 or " ~ list_size('rights') ~ " > 0",
    'class_hint': class_hint('paid_in_full', 'amount_paid_cny', only_item('lines', 'item_title')),
    'is_anonymous': 'false',
    'is_paid_by_other': 'false',
    'province': true,
    'city': true,
    'traffic_pending': 'false',
    'exported_at': '_exported_at',
}) }}
from refunded
