-- Pinduoduo orders, one row per order of one SKU. 商家实收 holds what the platform bore on top of 用户实付; refund amounts stand in other files.
-- 订单成交时间 may be blank for whole batches: the order number begins with the day of the order (YYMMDD).
with rows_now as (

    select
        versions.*,
        coalesce(paid_at, deal_at) as first_paid_at,
        try_cast('20' || substr(order_id, 1, 2) || '-' || substr(order_id, 3, 2) || '-' || substr(order_id, 5, 2) as timestamp) as numbered_at,
        coalesce(after_sale_status = 'succeeded', false) or {{ has_tag('status_marks', 'refunded') }} as has_refund
    from {{ newest('pinduoduo', 'orders') }} as versions
    where is_current

),

paid as (

    select
        rows_now.*,
        first_paid_at is not null or {{ is_paid_status('order_status') }} or has_refund as is_paid,
        -- before the parcel left there is nothing to keep: the whole order went back
        order_status = 'closed' or (order_status = 'paid_unshipped' and has_refund) as is_undone
    from rows_now

)

select {{ canonical('orders', {
    'order_key': "'pinduoduo:' || order_id",
    'platform': "'pinduoduo'",
    'shop': 'account',
    'account': true,
    'order_id': true,
    'record_key': '_record_key',
    'entrance': "case when is_live_order then 'pdd_live' else 'pdd_shop' end",
    'ordered_at': 'coalesce(first_paid_at, numbered_at)',
    'paid_at': 'first_paid_at',
    'shipped_at': true,
    'confirmed_at': true,
    'order_status': true,
    'is_paid': true,
    'list_cny': true,
    'merchant_discount_cny': 'discount_shop_cny',
    'platform_subsidy_cny': 'case when is_paid then amount_received_cny - amount_paid_cny else 0 end',
    'buyer_paid_cny': 'case when is_paid then amount_paid_cny else 0 end',
    'receivable_cny': 'amount_received_cny',
    'freight_cny': true,
    'refunded_cny': 'case when not is_paid then 0 when is_undone then amount_received_cny end',
    'refunds_from': "case when is_paid and not is_undone then 'other_file' else 'order_file' end",
    'has_refund': "is_paid and (is_undone or has_refund or coalesce(after_sale_status like 'unknown:%', false))",
    'money_flag': "case when is_paid and amount_received_cny < amount_paid_cny then 'money_ambiguous' end",
    'class_hint': "case when is_trial then 'trial' else " ~ class_hint('is_paid', 'amount_received_cny', 'item_title') ~ ' end',
    'memo_tags': true,
    'is_anonymous': 'true',
    'is_paid_by_other': 'false',
    'province': true,
    'city': true,
    'traffic_channel': "case when is_live_order or is_live_guided then 'pdd_live' end",
    'traffic_type': "case when is_live_order or is_live_guided then 'live_view' end",
    'traffic_pending': 'false',
    'exported_at': '_exported_at',
}) }}
from paid
