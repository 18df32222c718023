-- Xiaohongshu orders: rows of one package summed, what belongs to the order counted once. Receivable = 商家应收, or 用户应付 + 平台优惠.
-- Whether 用户应付 stands per row or repeats the order's, and holds freight, is told by which reading adds up to price − discounts.
with rows_now as (

    select
        versions.*,
        coalesce(amount_received_cny, amount_due_cny + coalesce(discount_platform_cny, 0)) as row_receivable_cny,
        list_cny - coalesce(discount_platform_cny, 0) - coalesce(discount_shop_cny, 0) - coalesce(discount_payment_cny, 0) as row_expected_cny,
        row_number() over (
            partition by order_id order by amount_due_cny desc nulls last, _record_key
        ) as place
    from {{ newest('xiaohongshu', 'orders') }} as versions
    where is_current

),

grouped as (

    select
        order_id,
        max(account) as account,
        max(shop) as shop,
        min(_record_key) as first_record_key,
        max(transaction_id) as transaction_id,
        max(order_status) as order_status,
        bool_or(coalesce(after_sale_status = 'succeeded' or after_sale_status like 'unknown:%', false)) as has_refund,
        min(ordered_at) as ordered_at,
        min(paid_at) as paid_at,
        min(shipped_at) as shipped_at,
        max(completed_at) as confirmed_at,
        count(*) as lines,
        sum(list_cny) as list_cny,
        sum(row_expected_cny) as expected_cny,
        count(*) > 1 and min(amount_due_cny) = max(amount_due_cny)
            and abs(sum(amount_due_cny) - sum(row_expected_cny)) > abs(max(amount_due_cny) - sum(row_expected_cny)) as is_repeated,
        sum(amount_due_cny) as due_sum_cny,
        max(amount_due_cny) as due_max_cny,
        sum(row_receivable_cny) as receivable_sum_cny,
        max(row_receivable_cny) as receivable_max_cny,
        max(order_paid_total_cny) as order_paid_total_cny,
        max(discount_platform_cny) as discount_platform_max_cny,
        max(freight_cny) as freight_cny,
        {{ array_to_string(collect_sorted('memo_tags')) }} as memo_tags,
        max(case when place = 1 then coalesce(item_title, product_title) end) as item_title,
        max(case when place = 1 then kol_id end) as kol_id,
        max(case when place = 1 then kol_nick end) as kol_nick,
        max(province) as province,
        max(city) as city,
        max(_exported_at) as exported_at
    from rows_now
    group by order_id

),

read_money as (

    select
        grouped.*,
        (paid_at is not null and order_status <> 'deposit_paid') or {{ is_paid_status('order_status') }} as is_paid,
        case when is_repeated then due_max_cny else due_sum_cny end as goods_due_cny,
        case when is_repeated then receivable_max_cny else receivable_sum_cny end as goods_receivable_cny,
        case
            when case when is_repeated then due_max_cny else due_sum_cny end = expected_cny then coalesce(freight_cny, 0)
            else 0
        end as unsaid_freight_cny
    from grouped

),

orders as (

    select
        read_money.*,
        -- the older layout says the order's total with freight and deposit
        coalesce(order_paid_total_cny, goods_due_cny + unsaid_freight_cny, 0) as paid_cny,
        coalesce(
            order_paid_total_cny + coalesce(discount_platform_max_cny, 0), goods_receivable_cny + unsaid_freight_cny, order_paid_total_cny, 0
        ) as receivable_cny
    from read_money

)

select {{ canonical('orders', {
    'order_key': "'xiaohongshu:' || order_id",
    'platform': "'xiaohongshu'",
    'shop': 'coalesce(shop, account)',
    'account': true,
    'order_id': true,
    'record_key': 'first_record_key',
    'entrance': "case when kol_id is not null then 'xiaohongshu_kol' else 'xiaohongshu_shop' end",
    'ordered_at': true,
    'deposit_paid_at': "case when order_status = 'deposit_paid' then paid_at end",
    'paid_at': "case when order_status <> 'deposit_paid' then paid_at end",
    'shipped_at': true,
    'confirmed_at': true,
    'order_status': true,
    'is_paid': true,
    'list_cny': true,
    'platform_subsidy_cny': 'case when is_paid then receivable_cny - paid_cny else 0 end',
    'buyer_paid_cny': 'case when is_paid then paid_cny else 0 end',
    'receivable_cny': true,
    'freight_cny': true,
    'refunded_cny': "case when not is_paid then 0 when order_status = 'closed' then receivable_cny end",
    'refunds_from': "case when is_paid and order_status <> 'closed' then 'other_file' else 'order_file' end",
    'has_refund': "is_paid and (order_status = 'closed' or has_refund)",
    'money_flag': "case when is_paid and goods_due_cny is null and order_paid_total_cny is null then 'money_ambiguous' end",
    'class_hint': class_hint('is_paid', 'receivable_cny', 'case when lines = 1 then item_title end'),
    'memo_tags': "nullif(memo_tags, '')",
    'is_anonymous': 'false',
    'is_paid_by_other': 'false',
    'province': true,
    'city': true,
    'traffic_channel': "case when kol_id is not null then 'xiaohongshu_kol' end",
    'traffic_creator': 'kol_id',
    'traffic_type': "case when kol_id is not null then 'order_field' end",
    'traffic_pending': 'false',
    'creator_id': 'kol_id',
    'creator_name': 'kol_nick',
    'transaction_id': true,
    'exported_at': true,
}) }}
from orders
