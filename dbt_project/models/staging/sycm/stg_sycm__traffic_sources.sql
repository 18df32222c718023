-- Figures of the shop's traffic sources, one row per day, source and figure. A parent level (children 汇总) repeats its children and is an object
-- type of its own; visitors add up neither over sources nor over days.
with rows_now as (

    select
        versions.*,
        '汇总' in (coalesce(source_2, ''), coalesce(source_3, ''), coalesce(source_4, '')) as is_parent,
        source_1
            || coalesce(' > ' || nullif(source_2, '汇总'), '')
            || coalesce(' > ' || nullif(source_3, '汇总'), '')
            || coalesce(' > ' || nullif(source_4, '汇总'), '') as source_path
    from {{ newest('sycm', 'traffic_sources') }} as versions
    where is_current

)

select {{ canonical('metrics', {
    'metric_key': "_record_key || '|' || metric",
    'on_date': 'stat_on',
    'platform': "'sycm'",
    'account': true,
    'object_type': "case when is_parent then 'traffic_source_total' else 'traffic_source' end",
    'object_id': "coalesce(traffic_carrier || ' > ', '') || source_path",
    'object_title': 'source_path',
    'metric': true,
    'value': 'metric_value',
}) }}
from {{ metric_rows('rows_now', ['visitors', 'new_visitors', 'stay_seconds', 'views_3s', 'item_click_users', 'cart_users', 'cart_quantity',
    'favorite_users', 'follow_users', 'order_buyers', 'ordered_cny', 'order_rate', 'pay_buyers', 'paid_cny', 'pay_rate', 'paid_per_buyer_cny',
    'value_per_visitor_cny']) }} as figures
