-- Vipshop 唯品JIT orders out of settlement lines: Vipshop buys and resells, so the class is distributor and nobody here is a customer.
-- Receivable = sold − deduction for promotions; refunds = returned − the promotion that came back with it − price protection; net is what was settled.
-- A sale and its return may stand in the files of two months: the newest file of each period counts, and they add up.
with rows_now as (

    select
        versions.*,
        coalesce(sale_cny, 0) - coalesce(promo_sale_cny, 0) as row_receivable_cny,
        coalesce(returned_cny, 0) - coalesce(promo_return_cny, 0) + coalesce(price_protection_net_cny, 0) as row_refunded_cny
    from {{ newest('vipshop', 'settlement') }} as versions
    where is_current

),

orders as (

    select
        order_id,
        max(account) as account,
        max(coalesce(entity, vendor)) as shop,
        min(_record_key) as first_record_key,
        min(ordered_at) as ordered_at,
        sum(row_receivable_cny) as receivable_cny,
        sum(row_refunded_cny) as refunded_cny,
        sum(promo_sale_cny) as discount_cny,
        sum(sale_cny) as list_cny,
        sum(settle_total_cny) as settled_cny,
        sum(coalesce(adjust_cny, 0)) as adjusted_cny,
        max(_exported_at) as exported_at
    from rows_now
    group by order_id

)

select {{ canonical('orders', {
    'order_key': "'vipshop:' || order_id",
    'platform': "'vipshop'",
    'shop': 'coalesce(shop, account)',
    'account': true,
    'order_id': true,
    'record_key': 'first_record_key',
    'entrance': "'vipshop_shop'",
    'ordered_at': true,
    'paid_at': 'ordered_at',
    'order_status': "'completed'",
    'is_paid': 'true',
    'list_cny': true,
    'merchant_discount_cny': 'discount_cny',
    'platform_subsidy_cny': '0',
    'buyer_paid_cny': 'receivable_cny',
    'receivable_cny': true,
    'refunded_cny': true,
    'refunds_from': "'order_file'",
    'has_refund': 'refunded_cny > 0',
    'money_flag': "case when settled_cny <> receivable_cny - refunded_cny + adjusted_cny then 'money_ambiguous' end",
    'class_hint': "'distributor'",
    'is_anonymous': 'true',
    'is_paid_by_other': 'false',
    'traffic_pending': 'false',
    'exported_at': true,
}) }}
from orders
