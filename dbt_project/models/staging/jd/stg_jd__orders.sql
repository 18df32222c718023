-- JD orders: the amounts of an order stand on each of its SKU rows and are counted once. Buyer paid = 应付 + 余额.
-- The parent of a split order, `(删除)…`, is no order: its children are, and counting both doubles revenue.
with rows_now as (

    select
        versions.*,
        coalesce(amount_due_cny, 0) + coalesce(balance_paid_cny, 0) as order_paid_cny
    from {{ newest('jd', 'orders') }} as versions
    where is_current and not {{ has_tag('status_marks', 'deleted') }} and not {{ has_tag('split_mark', 'split_parent') }}

),

orders as (

    select
        order_id,
        max(account) as account,
        min(_record_key) as first_record_key,
        min(ordered_at) as ordered_at,
        min(paid_at) as first_paid_at,
        max(completed_at) as confirmed_at,
        max(order_status) as order_status,
        max(payment_method) as payment_method,
        count(*) as lines,
        sum(unit_price_cny * quantity) as list_cny,
        max(order_paid_cny) as order_paid_cny,
        max(settle_cny) as settle_cny,
        max(freight_cny) as freight_cny,
        max(item_title) as item_title,
        {{ array_to_string(collect_sorted('memo_tags')) }} as memo_tags,
        max(province) as province,
        max(city) as city,
        max(_exported_at) as exported_at
    from rows_now
    group by order_id

),

paid as (

    select
        orders.*,
        -- 货到付款 is shipped before it is paid
        first_paid_at is not null
            or order_status = 'completed'
            or ({{ is_paid_status('order_status') }} and coalesce(payment_method, '') not like '%货到付款%') as is_paid
    from orders

)

select {{ canonical('orders', {
    'order_key': "'jd:' || order_id",
    'platform': "'jd'",
    'shop': 'account',
    'account': true,
    'order_id': true,
    'record_key': 'first_record_key',
    'entrance': "'jd_shop'",
    'ordered_at': true,
    'paid_at': 'first_paid_at',
    'confirmed_at': true,
    'order_status': true,
    'is_paid': true,
    'list_cny': true,
    'platform_subsidy_cny': '0',
    'buyer_paid_cny': 'case when is_paid then order_paid_cny else 0 end',
    'receivable_cny': 'order_paid_cny',
    'freight_cny': true,
    'refunded_cny': "case when not is_paid then 0 when order_status = 'closed' then order_paid_cny end",
    'refunds_from': "case when is_paid and order_status <> 'closed' then 'other_file' else 'order_file' end",
    'has_refund': "is_paid and order_status = 'closed'",
    'money_flag': "case when is_paid and settle_cny <> order_paid_cny then 'money_ambiguous' end",
    'class_hint': class_hint('is_paid', 'order_paid_cny', 'case when lines = 1 then item_title end'),
    'memo_tags': "nullif(memo_tags, '')",
    'is_anonymous': 'false',
    'is_paid_by_other': 'false',
    'province': true,
    'city': true,
    'traffic_pending': 'false',
    'exported_at': true,
}) }}
from paid
