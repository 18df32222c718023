{# The Taobao seller reports, which Tmall shares to the column. Belongs here: reading one row of them. #}

{# Orders 订单报表. What was paid is restated by refunds: total = paid + refund → add the refund back;
   total = paid → gross as it stands; else flagged, and the reading that does not exceed the total is taken. #}
{% macro seller_report_orders(platform) -%}
with rows_now as (

    select * from {{ newest(platform, 'orders') }} as versions where is_current

),

read_stages as (

    select
        rows_now.*,
        cast({{ first_match('staged_info', '定金[^;；]*?([0-9]+[.][0-9][0-9])') }} as decimal(18,2)) as stage_deposit_cny,
        try_cast({{ first_match('staged_info', '定金[^;；]*?([0-9]{4}-[0-9]{2}-[0-9]{2} [0-9:]{8})') }} as timestamp) as stage_deposit_at,
        try_cast({{ first_match('staged_info', '尾款[^;；]*?([0-9]{4}-[0-9]{2}-[0-9]{2} [0-9:]{8})') }} as timestamp) as stage_balance_at,
        coalesce(tmall_coupon_cny, 0) + coalesce(jifenbao_cny, 0) as subsidy_cny
    from rows_now

),

timed as (

    select
        read_stages.*,
        case
            when order_status = 'deposit_paid' then coalesce(stage_deposit_at, paid_at)
            else stage_deposit_at
        end as first_paid_at,
        case when order_status <> 'deposit_paid' then coalesce(stage_balance_at, paid_at) end as full_paid_at
    from read_stages

),

paid as (

    select
        timed.*,
        full_paid_at is not null or {{ is_paid_status('order_status') }} as paid_in_full,
        -- before 2017 the file has no refund column: paid and closed means refunded whole
        coalesce(
            refunded_cny,
            case when order_status = 'closed' and full_paid_at is not null and amount_paid_cny = order_total_cny then order_total_cny end,
            0
        ) as refund_cny
    from timed

),

grossed as (

    select
        paid.*,
        case
            when not paid_in_full then 0
            when order_total_cny is null then amount_paid_cny
            when order_total_cny in (amount_paid_cny + refund_cny, amount_paid_cny + refund_cny + subsidy_cny) then amount_paid_cny + refund_cny
            when order_total_cny in (amount_paid_cny, amount_paid_cny + subsidy_cny) then amount_paid_cny
            when amount_paid_cny + refund_cny <= order_total_cny then amount_paid_cny + refund_cny
            else amount_paid_cny
        end as gross_paid_cny,
        case
            when paid_in_full and (
                order_total_cny is null and refund_cny > 0
                or order_total_cny not in (
                    amount_paid_cny + refund_cny, amount_paid_cny + refund_cny + subsidy_cny, amount_paid_cny, amount_paid_cny + subsidy_cny
                )
            ) then 'money_ambiguous'
        end as ambiguity
    from paid

)

select {{ canonical('orders', {
    'order_key': "'" ~ platform ~ ":' || order_id",
    'platform': "'" ~ platform ~ "'",
    'shop': 'coalesce(shop, account)',
    'account': true,
    'order_id': true,
    'record_key': '_record_key',
    'entrance': "'" ~ platform ~ "_shop'",
    'ordered_at': true,
    'deposit_paid_at': 'first_paid_at',
    'paid_at': 'full_paid_at',
    'shipped_at': true,
    'confirmed_at': true,
    'order_status': true,
    'is_paid': 'paid_in_full',
    'platform_subsidy_cny': 'case when paid_in_full then subsidy_cny else 0 end',
    'buyer_paid_cny': 'gross_paid_cny',
    'receivable_cny': 'case when paid_in_full then gross_paid_cny + subsidy_cny else coalesce(order_total_cny, 0) end',
    'freight_cny': true,
    'deposit_cny': "coalesce(stage_deposit_cny, case when order_status = 'deposit_paid' then amount_paid_cny end)",
    'refunded_cny': 'case when paid_in_full then refund_cny else 0 end',
    'refunds_from': "'order_file'",
    'has_refund': 'refund_cny > 0',
    'money_flag': 'ambiguity',
    'class_hint': "case when first_paid_at is not null and not paid_in_full and order_status = 'closed' then 'deposit_forfeit' else "
        ~ class_hint('paid_in_full', 'gross_paid_cny', 'case when coalesce(item_kinds, 1) = 1 then item_title end') ~ ' end',
    'memo_tags': true,
    'is_anonymous': 'false',
    'is_paid_by_other': 'coalesce(is_paid_by_other, false)',
    'province': true,
    'city': true,
    'traffic_pending': 'false',
    'transaction_id': true,
    'exported_at': '_exported_at',
}) }}
from grossed
{%- endmacro %}
