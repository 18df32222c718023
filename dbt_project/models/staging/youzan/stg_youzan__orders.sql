-- Youzan orders, one row per order. refund_state tells a whole refund; of a partial or moving one the amount is not in this file.
-- Order types 1 送礼 (a gift) and 2 代付 (paid by a friend) name a payer or receiver who is not the buyer.
with rows_now as (

    select
        versions.*,
        paid_at is not null or {{ is_paid_status('order_status') }} as paid_in_full
    from {{ newest('youzan', 'orders') }} as versions
    where is_current

),

refunded as (

    select
        rows_now.*,
        case
            when not paid_in_full then 0
            when refund_state = 'full' or order_status = 'closed' then amount_paid_cny
            when coalesce(refund_state, 'none') = 'none' then 0
        end as refund_cny,
        case
            when is_offline then 'store'
            when coalesce(entrance, '') || ' ' || coalesce(wx_entrance, '') like '%wx_video%' then 'wechat_live'
            when lower(coalesce(source_platform, '') || ' ' || coalesce(wx_entrance, '') || ' ' || coalesce(channel_type, '')) like '%weapp%'
                or lower(coalesce(source_platform, '') || ' ' || coalesce(wx_entrance, '')) like '%mini%' then 'mini_program'
            else 'youzan_shop'
        end as entry_channel
    from rows_now

)

select {{ canonical('orders', {
    'order_key': "'youzan:' || order_id",
    'platform': "'youzan'",
    'shop': 'coalesce(shop, shop_id, account)',
    'account': true,
    'order_id': true,
    'record_key': '_record_key',
    'entrance': 'entry_channel',
    'ordered_at': true,
    'paid_at': true,
    'shipped_at': true,
    'confirmed_at': 'coalesce(confirmed_at, completed_at)',
    'updated_at': true,
    'order_status': true,
    'is_paid': 'paid_in_full',
    'list_cny': true,
    'merchant_discount_cny': 'greatest(list_cny + coalesce(freight_cny, 0) - amount_paid_cny, 0)',
    'platform_subsidy_cny': '0',
    'buyer_paid_cny': 'case when paid_in_full then amount_paid_cny else 0 end',
    'receivable_cny': 'amount_paid_cny',
    'freight_cny': true,
    'refunded_cny': 'refund_cny',
    'refunds_from': "case when refund_cny is null then 'other_file' else 'order_file' end",
    'has_refund': "refund_cny > 0 or refund_state = 'partial'",
    'class_hint': "case when risk_mark like '%CHEAT%' then 'brushing' else "
        ~ class_hint('paid_in_full', 'amount_paid_cny', only_item('lines', 'item_title')) ~ ' end',
    'memo_tags': true,
    'is_anonymous': 'false',
    'is_paid_by_other': "coalesce(order_type in ('1', '2'), false)",
    'province': true,
    'city': true,
    'traffic_channel': "case when entry_channel = 'wechat_live' then entry_channel end",
    'traffic_type': "case when entry_channel = 'wechat_live' then 'live_view' end",
    'traffic_pending': 'false',
    'exported_at': '_exported_at',
}) }}
from refunded
