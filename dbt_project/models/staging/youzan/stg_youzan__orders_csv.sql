-- Youzan orders as the back office lists them, one row per order. The file tells refunds itself; 实收 is what the merchant receives,
-- and what it exceeds the buyer's payment by is the platform's.
with rows_now as (

    select
        versions.*,
        paid_at is not null or {{ is_paid_status('order_status') }} as paid_in_full,
        case
            when coalesce(sales_channel, '') || coalesce(order_source, '') like '%视频号%' then 'wechat_live'
            when coalesce(sales_channel, '') || coalesce(order_source, '') like '%门店%' or coalesce(order_type, '') like '%门店%' then 'store'
            when coalesce(sales_channel, '') || coalesce(order_source, '') like '%小程序%' then 'mini_program'
            else 'youzan_shop'
        end as entry_channel
    from {{ newest('youzan', 'orders_csv') }} as versions
    where is_current

)

select {{ canonical('orders', {
    'order_key': "'youzan:' || order_id",
    'platform': "'youzan'",
    'shop': 'coalesce(shop, account)',
    'account': true,
    'order_id': true,
    'record_key': '_record_key',
    'entrance': 'entry_channel',
    'ordered_at': true,
    'paid_at': true,
    'confirmed_at': 'completed_at',
    'order_status': true,
    'is_paid': 'paid_in_full',
    'list_cny': true,
    'merchant_discount_cny': 'coalesce(abs(shop_discount_cny), 0)',
    'platform_subsidy_cny': 'case when paid_in_full then greatest(coalesce(received_cny, amount_paid_cny) - amount_paid_cny, 0) else 0 end',
    'buyer_paid_cny': 'case when paid_in_full then amount_paid_cny else 0 end',
    'receivable_cny': 'case when paid_in_full then coalesce(received_cny, amount_paid_cny) else coalesce(due_cny, amount_paid_cny) end',
    'freight_cny': true,
    'refunded_cny': 'case when paid_in_full then coalesce(refunded_cny, 0) else 0 end',
    'refunds_from': "'order_file'",
    'has_refund': 'coalesce(refunded_cny, 0) > 0',
    'class_hint': "case when risk_mark like '%刷单%' then 'brushing' else "
        ~ class_hint('paid_in_full', 'amount_paid_cny', 'case when coalesce(item_kinds, 1) = 1 then item_title end') ~ ' end',
    'memo_tags': true,
    'is_anonymous': 'false',
    'is_paid_by_other': "coalesce(order_type like '%送礼%' or order_type like '%代付%', false)",
    'province': true,
    'city': true,
    'traffic_channel': "case when entry_channel = 'wechat_live' then entry_channel end",
    'traffic_type': "case when entry_channel = 'wechat_live' then 'live_view' end",
    'traffic_pending': 'false',
    'transaction_id': true,
    'exported_at': '_exported_at',
}) }}
from rows_now
