-- Unit costs of products, one row per product code, platform (none: all of them) and first day of validity.
select {{ canonical('products', {
    'product_key': '_record_key',
    'platform': "nullif(platform, 'all')",
    'item_id': true,
    'product_code': true,
    'product_title': true,
    'product_group': true,
    'unit_cost_cny': true,
    'valid_from': 'valid_from_on',
}) }}
from {{ newest('finance', 'product_costs') }} as versions
where is_current
