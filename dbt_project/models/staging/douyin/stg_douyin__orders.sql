-- Douyin orders: sub-orders summed to the order that was paid at once. The traffic fields of the dearest sub-order speak for it.
with lines as (

    select
        sub_orders.*,
        row_number() over (partition by order_id order by line_receivable_cny desc, sub_order_id) as place
    from {{ douyin_sub_orders() }} as sub_orders

),

orders as (

    select
        order_id,
        max(account) as account,
        min(_record_key) as first_record_key,
        min(ordered_at) as ordered_at,
        min(case when order_status = 'deposit_paid' then paid_at end) as deposit_paid_at,
        min(case when order_status <> 'deposit_paid' then paid_at end) as paid_at,
        min(shipped_at) as shipped_at,
        max(completed_at) as confirmed_at,
        min(status_rank) as status_rank,
        bool_or(line_is_paid) as is_paid,
        count(distinct sub_order_id) as lines,
        sum(unit_price_cny * quantity) as list_cny,
        sum(coalesce(borne_by_shop_cny, discount_shop_cny, 0)) as merchant_discount_cny,
        sum(line_subsidy_cny) as subsidy_cny,
        sum(amount_due_cny) as due_cny,
        sum(line_receivable_cny) as receivable_cny,
        sum(freight_cny) as freight_cny,
        case when count(line_refunded_cny) = count(*) then sum(line_refunded_cny) end as refunded_cny,
        bool_or(line_is_pending) as is_pending,
        max(case when place = 1 then order_status end) as first_status,
        max(case when place = 1 then item_title end) as item_title,
        max(case when place = 1 then memo_tags end) as memo_tags,
        max(case when place = 1 then province end) as province,
        max(case when place = 1 then city end) as city,
        max(case when place = 1 then line_channel end) as traffic_channel,
        max(case when place = 1 then traffic_source end) as traffic_source,
        max(case when place = 1 then traffic_format end) as traffic_format,
        max(case when place = 1 then kol_id end) as kol_id,
        max(case when place = 1 then kol_nick end) as kol_nick,
        max(_exported_at) as exported_at
    from lines
    group by order_id

)

select {{ canonical('orders', {
    'order_key': "'douyin:' || order_id",
    'platform': "'douyin'",
    'shop': 'account',
    'account': true,
    'order_id': true,
    'record_key': 'first_record_key',
    'entrance': "coalesce(traffic_channel, 'douyin_shop')",
    'ordered_at': true,
    'deposit_paid_at': true,
    'paid_at': true,
    'shipped_at': true,
    'confirmed_at': true,
    'order_status': "case status_rank when 1 then 'pending_payment' when 2 then 'deposit_paid' when 3 then 'paid_unshipped' when 4 then 'shipped'
        when 5 then 'completed' when 9 then 'closed' else first_status end",
    'is_paid': true,
    'list_cny': true,
    'merchant_discount_cny': true,
    'platform_subsidy_cny': 'case when is_paid then subsidy_cny else 0 end',
    'buyer_paid_cny': 'case when is_paid then due_cny else 0 end',
    'receivable_cny': true,
    'freight_cny': true,
    'refunded_cny': true,
    'refunds_from': "case when refunded_cny is null then 'other_file' else 'order_file' end",
    'has_refund': 'refunded_cny is null or refunded_cny > 0',
    'class_hint': class_hint('is_paid', 'receivable_cny', 'case when lines = 1 then item_title end'),
    'memo_tags': true,
    'is_anonymous': 'true',
    'is_paid_by_other': 'false',
    'province': true,
    'city': true,
    'traffic_channel': true,
    'traffic_campaign': 'traffic_source',
    'traffic_content': 'traffic_format',
    'traffic_creator': 'kol_id',
    'traffic_type': "case traffic_channel when 'douyin_live' then 'live_view' when 'douyin_ads' then 'ad_click' when 'douyin_search' then 'search'
        else 'order_field' end",
    'traffic_pending': 'is_pending and traffic_channel is null',
    'creator_id': "case when traffic_channel = 'douyin_kol' then kol_id end",
    'creator_name': "case when traffic_channel = 'douyin_kol' then kol_nick end",
    'exported_at': true,
}) }}
from orders
