{# What stands beside the orders in Taobao's and Tmall's reports: item lines, refund cases, fees. Belongs here: reading one row of them. #}

{# Item lines 宝贝报表: one row per line. The paid share follows the same restatement as the order: refunds lower it. #}
{% macro seller_report_lines(platform) -%}
with rows_now as (

    select * from {{ newest(platform, 'order_items') }} as versions where is_current

)

select {{ canonical('order_lines', {
    'order_key': "'" ~ platform ~ ":' || order_id",
    'line_key': "'" ~ platform ~ ":' || order_id || ':' || coalesce(sub_order_id || ':', '') || _record_key",
    'platform': "'" ~ platform ~ "'",
    'item_id': true,
    'product_code': 'coalesce(product_code, outer_code)',
    'item_title': true,
    'quantity': true,
    'list_cny': 'list_price_cny * quantity',
    'line_paid_cny': "case when goods_due_cny = amount_paid_cny then goods_due_cny else amount_paid_cny + coalesce(refunded_cny, 0) end",
    'is_gift': 'coalesce(list_price_cny, 0) = 0',
    'refunded_cny': "case when coalesce(refund_status, 'succeeded') = 'succeeded' then refunded_cny end",
    'exported_at': '_exported_at',
}) }}
from rows_now
{%- endmacro %}

{# Refund cases 退款管理: the total counts, the part that goes back to the platform included; only success moved money. #}
{% macro seller_report_refunds(platform) -%}
with rows_now as (

    select * from {{ newest(platform, 'after_sales') }} as versions where is_current

)

select {{ canonical('refunds', {
    'refund_key': "'" ~ platform ~ ":' || refund_id",
    'order_key': "'" ~ platform ~ ":' || order_id",
    'platform': "'" ~ platform ~ "'",
    'refund_kind': "coalesce(refund_kind, 'unspecified')",
    'amount_cny': 'coalesce(refund_total_cny, refunded_cny)',
    'applied_at': true,
    'succeeded_at': "case when refund_status = 'succeeded' then coalesce(finished_at, applied_at, _exported_at) end",
    'reason': true,
    'known_at': '_exported_at',
}) }}
from rows_now
{%- endmacro %}

{# Movements of the settlement account 聚合账单: the fees among the expenses. Refunds and transfers are no cost of an order. #}
{% macro seller_report_costs(platform) -%}
with rows_now as (

    select * from {{ newest(platform, 'funds') }} as versions where is_current

),

named as (

    select
        rows_now.*,
        coalesce(entry_type, '') || ' ' || coalesce(business, '') as words
    from rows_now

),

typed as (

    select
        named.*,
        case
            when {{ regexp_like('words', '淘宝客|佣金代扣|推广佣金|达人') }} then 'kol_commission'
            when {{ regexp_like('words', '技术服务费|软件服务费|平台服务费|天猫佣金|扣点') }} then 'platform_fee'
            when {{ regexp_like('words', '运费险|退货险|保险') }} then 'freight_insurance'
            when {{ regexp_like('words', '花呗|信用卡|分期|支付手续费|收单') }} then 'payment_fee'
        end as cost_type
    from named

)

select {{ canonical('order_costs', {
    'order_key': "case when order_id <> '-' then '" ~ platform ~ ":' || order_id end",
    'cost_type': true,
    'amount_cny': 'coalesce(expense_cny, 0) - coalesce(income_cny, 0)',
    'basis': "'settled'",
    'incurred_on': 'entered_on',
}) }}
from typed
where cost_type is not null
{%- endmacro %}
