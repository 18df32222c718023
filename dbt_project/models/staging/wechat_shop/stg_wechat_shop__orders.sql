-- WeChat shop orders of the back office: order amounts are repeated or blank on further lines and are counted once; refunds stand by line.
-- 实收 holds what the platform bore; it is also 0 before settlement and net of refunds in some files, so the larger of 实付 and 实收 is receivable.
with orders as (

    select
        order_id,
        max(account) as account,
        min(_record_key) as first_record_key,
        max(transaction_id) as transaction_id,
        max(order_status) as order_status,
        min(ordered_at) as ordered_at,
        min(paid_at) as paid_at,
        min(shipped_at) as shipped_at,
        max(coalesce(confirmed_at, settled_at)) as confirmed_at,
        count(*) as lines,
        max(list_cny) as list_cny,
        coalesce(max(amount_paid_cny), 0) as paid_cny,
        max(amount_received_cny) as received_cny,
        greatest(coalesce(max(amount_paid_cny), 0), coalesce(max(amount_received_cny), 0)) as receivable_cny,
        max(freight_cny) as freight_cny,
        sum(refunded_cny) as lines_refunded_cny,
        bool_or(coalesce(line_after_sale, '') like '%退款%') as has_after_sale,
        bool_or(gift_id is not null) as is_gift_order,
        max(item_title) as item_title,
        {{ array_to_string(collect_sorted('memo_tags')) }} as memo_tags,
        max(kol_id) as kol_id,
        max(kol_nick) as kol_nick,
        bool_or(kol_id is not null or kol_nick is not null) as has_kol,
        max(kol_way) as kol_way,
        max(staff_id) as staff_id,
        max(province) as province,
        max(city) as city,
        max(_exported_at) as exported_at
    from {{ newest('wechat_shop', 'orders') }} as versions
    where is_current
    group by order_id

),

paid as (

    select
        orders.*,
        paid_at is not null or {{ is_paid_status('order_status') }} as is_paid,
        case when has_kol then 'wechat_kol' when staff_id is not null then 'guide' end as entry_channel
    from orders

),

refunded as (

    select
        paid.*,
        case
            when not is_paid then 0
            when order_status = 'closed' then receivable_cny
            else lines_refunded_cny
        end as refund_cny
    from paid

)

select {{ canonical('orders', {
    'order_key': "'wechat_shop:' || order_id",
    'platform': "'wechat_shop'",
    'shop': 'account',
    'account': true,
    'order_id': true,
    'record_key': 'first_record_key',
    'entrance': "coalesce(entry_channel, 'wechat_shop')",
    'ordered_at': true,
    'paid_at': true,
    'shipped_at': true,
    'confirmed_at': true,
    'order_status': true,
    'is_paid': true,
    'list_cny': true,
    'platform_subsidy_cny': 'case when is_paid then receivable_cny - paid_cny else 0 end',
    'buyer_paid_cny': 'case when is_paid then paid_cny else 0 end',
    'receivable_cny': true,
    'freight_cny': true,
    'refunded_cny': 'refund_cny',
    'refunds_from': "case when refund_cny is null then 'other_file' else 'order_file' end",
    'has_refund': 'coalesce(refund_cny > 0, false) or (is_paid and has_after_sale)',
    'money_flag': "case when is_paid and received_cny > 0 and received_cny < paid_cny
        and received_cny <> paid_cny - coalesce(lines_refunded_cny, 0) then 'money_ambiguous' end",
    'class_hint': class_hint('is_paid', 'receivable_cny', 'case when lines = 1 then item_title end'),
    'memo_tags': "nullif(memo_tags, '')",
    'is_anonymous': 'false',
    'is_paid_by_other': 'is_gift_order',
    'province': true,
    'city': true,
    'traffic_channel': 'entry_channel',
    'traffic_content': "case entry_channel when 'guide' then staff_id else kol_way end",
    'traffic_creator': 'kol_id',
    'traffic_type': "case when entry_channel is not null then 'order_field' end",
    'traffic_pending': 'false',
    'creator_id': 'kol_id',
    'creator_name': 'kol_nick',
    'transaction_id': true,
    'exported_at': true,
}) }}
from refunded
