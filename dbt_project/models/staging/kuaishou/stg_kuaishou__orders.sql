-- Kuaishou orders, one row per order of one SKU. Receivable = 实付款 + what platform, anchor, payment channel and state bore; 混资 is shared in
-- unknown parts and stays out. The file names no refund amount: a closed paid order went back whole, the rest stands in the funds file.
with rows_now as (

    select
        versions.*,
        (paid_at is not null and order_status <> 'deposit_paid') or {{ is_paid_status('order_status') }} as is_paid,
        coalesce(subsidy_platform_cny, 0) + coalesce(subsidy_anchor_cny, 0) + coalesce(discount_payment_cny, 0)
            + coalesce(gov_subsidy_cny, 0) as subsidy_cny,
        -- a word that nobody mapped may be a refund
        coalesce(after_sale_status = 'succeeded' or after_sale_status like 'unknown:%', false) or memo_refund is not null as has_refund,
        case
            when channel like '%分销%' or kol_id is not null then 'kuaishou_kol'
            when order_carrier like '%直播%' then 'kuaishou_live'
            when order_carrier like '%视频%' then 'kuaishou_video'
            when {{ regexp_like('order_carrier', '商城|货架|商品卡|店铺') }} then 'kuaishou_mall'
        end as entry_channel
    from {{ newest('kuaishou', 'orders') }} as versions
    where is_current

)

select {{ canonical('orders', {
    'order_key': "'kuaishou:' || order_id",
    'platform': "'kuaishou'",
    'shop': 'account',
    'account': true,
    'order_id': true,
    'record_key': '_record_key',
    'entrance': "coalesce(entry_channel, 'kuaishou_shop')",
    'ordered_at': true,
    'deposit_paid_at': "coalesce(deposit_paid_at, case when order_status = 'deposit_paid' then paid_at end)",
    'paid_at': "case when order_status <> 'deposit_paid' then paid_at end",
    'shipped_at': true,
    'order_status': true,
    'is_paid': true,
    'list_cny': 'unit_price_cny * quantity',
    'merchant_discount_cny': 'discount_shop_cny',
    'platform_subsidy_cny': 'case when is_paid then subsidy_cny else 0 end',
    'buyer_paid_cny': 'case when is_paid then amount_paid_cny else 0 end',
    'receivable_cny': 'amount_paid_cny + subsidy_cny',
    'freight_cny': true,
    'refunded_cny': "case when not is_paid then 0 when order_status = 'closed' then amount_paid_cny + subsidy_cny end",
    'refunds_from': "case when is_paid and order_status <> 'closed' then 'other_file' else 'order_file' end",
    'has_refund': "is_paid and (order_status = 'closed' or has_refund)",
    'class_hint': "case when deposit_paid_at is not null and not is_paid and order_status = 'closed' then 'deposit_forfeit' else "
        ~ class_hint('is_paid', 'amount_paid_cny + subsidy_cny', 'item_title') ~ ' end',
    'memo_tags': true,
    'is_anonymous': 'true',
    'is_paid_by_other': 'false',
    'province': true,
    'city': true,
    'traffic_channel': 'entry_channel',
    'traffic_campaign': 'activity_mark',
    'traffic_content': 'order_carrier',
    'traffic_creator': 'kol_id',
    'traffic_type': "case when entry_channel = 'kuaishou_live' then 'live_view' when entry_channel is not null then 'order_field' end",
    'traffic_pending': 'false',
    'creator_id': "case when entry_channel = 'kuaishou_kol' then kol_id end",
    'creator_name': "case when entry_channel = 'kuaishou_kol' then kol_nick end",
    'exported_at': '_exported_at',
}) }}
from rows_now
