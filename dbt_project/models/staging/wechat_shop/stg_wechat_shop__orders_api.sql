-- WeChat shop orders of the API, one row per order. It counts refunded pieces and names no amount: none refunded is 0, some are unknown here.
-- The sharer is resolved late: until then an order without a scene of its own waits for tomorrow.
with rows_now as (

    select
        versions.*,
        paid_at is not null or {{ is_paid_status('order_status') }} as is_paid,
        {{ list_sum('lines', 'refunded_quantity') }} as pieces_refunded,
        case
            when sharer_type = 'staff' then 'guide'
            when order_scene = 'live' then 'wechat_live'
            when order_scene = 'video' then 'wechat_video'
            when order_scene = 'article' then 'oa'
            when order_scene = 'share' and coalesce(sharer_pending, 'done') <> 'pending' then 'referral'
        end as entry_channel
    from {{ newest('wechat_shop', 'orders_api') }} as versions
    where is_current

),

refunded as (

    select
        rows_now.*,
        case
            when not is_paid then 0
            when order_status = 'closed' then amount_paid_cny
            when pieces_refunded = 0 then 0
        end as refund_cny
    from rows_now

)

select {{ canonical('orders', {
    'order_key': "'wechat_shop:' || order_id",
    'platform': "'wechat_shop'",
    'shop': 'account',
    'account': true,
    'order_id': true,
    'record_key': '_record_key',
    'entrance': "coalesce(entry_channel, 'wechat_shop')",
    'ordered_at': true,
    'paid_at': true,
    'confirmed_at': 'coalesce(confirmed_at, settled_at)',
    'updated_at': true,
    'order_status': true,
    'is_paid': true,
    'list_cny': true,
    'merchant_discount_cny': 'discount_cny',
    'platform_subsidy_cny': '0',
    'buyer_paid_cny': 'case when is_paid then amount_paid_cny else 0 end',
    'receivable_cny': 'amount_paid_cny',
    'freight_cny': true,
    'refunded_cny': 'refund_cny',
    'refunds_from': "case when refund_cny is null then 'other_file' else 'order_file' end",
    'has_refund': 'is_paid and coalesce(refund_cny > 0, pieces_refunded > 0, false)',
    'class_hint': class_hint('is_paid', 'amount_paid_cny', only_item('lines', 'item_title')),
    'memo_tags': true,
    'is_anonymous': 'false',
    'is_paid_by_other': 'false',
    'province': true,
    'city': true,
    'traffic_channel': 'entry_channel',
    'traffic_content': 'coalesce(live_id, share_scene)',
    'traffic_creator': 'finder_id',
    'traffic_type': "case entry_channel when 'wechat_live' then 'live_view' when 'referral' then 'referred' when 'oa' then 'read'
        else case when entry_channel is not null then 'order_field' end end",
    'traffic_pending': "coalesce(sharer_pending = 'pending', false) and entry_channel is null",
    'transaction_id': true,
    'exported_at': '_exported_at',
}) }}
from refunded
