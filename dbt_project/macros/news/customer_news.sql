{# What changes in what is said of customers and of the lines and ways of their orders when deliveries come; the words are those of the materialization
   `standing`. #}

{% macro news_rule__int_order_lines__contributed() %}
    {{ return({
        'kind': 'keyed', 'key': 'order_key',
        'affected': [
            'select order_key from news.int_order_lines', 'select order_key from news.int_order_costs', 'select order_key from news.int_purchases',
        ],
        'reads': {'int_order_lines': 'order_key in ({keys})', 'int_order_costs': 'order_key in ({keys})', 'int_purchases': 'order_key in ({keys})'},
    }) }}
{% endmacro %}

{# The place of a purchase in the customer's life moves with every other one of theirs. #}
{% macro news_rule__int_purchases() %}
    {%- set customers -%}
    select customer_id from news.int_conversions
    union all
    select customer_id from news.int_customer_acquisition
    {%- endset -%}
    {%- set buyers = 'select customer_id from intermediate.int_conversions where order_key in ({keys})' -%}
    {{ return({
        'kind': 'keyed', 'key': 'order_key',
        'affected': [
            'select order_key from news.int_conversions', 'select order_key from news.int_orders', 'select order_key from news.int_order_costs',
            'select order_key from intermediate.int_conversions where customer_id in (' ~ customers ~ ')',
        ],
        'reads': {
            'int_conversions': ['order_key in ({keys})', 'customer_id in (' ~ buyers ~ ')'],
            'int_orders': ['order_key in ({keys})', 'order_key in (select order_key from intermediate.int_conversions where customer_id in (' ~ buyers ~ '))'],
            'int_order_costs': 'order_key in ({keys})',
            'int_customer_acquisition': 'customer_id in (select customer_id from ' ~ news_part('int_conversions') ~ ')',
        },
    }) }}
{% endmacro %}

{% macro news_rule__int_creators() %}{{ return({'kind': 'whole'}) }}{% endmacro %}

{# The day makes an order's money final. #}
{% macro news_rule__int_sales() %}
    {{ return({
        'kind': 'keyed', 'key': 'order_key',
        'affected': [
            'select order_key from news.int_orders', 'select order_key from news.int_order_costs',
            'select order_key from intermediate.int_orders
            where refund_matures_on > (select max(as_of_on) from news_before.lake__context) and refund_matures_on <= (select max(as_of_on) from raw.lake__context)',
        ],
        'reads': {'int_orders': 'order_key in ({keys})', 'int_order_costs': 'order_key in ({keys})'},
        'looks_up': ['lake.context'],
        'unless': ['int_creators', 'select 1 from news_before.lake__context where as_of_on > (select max(as_of_on) from raw.lake__context)'],
    }) }}
{% endmacro %}

{# With the days purchases leave the time that counts as recent. #}
{% macro news_rule__int_customer_orders() %}
    {%- set border = "(select cast(max(as_of_on) - interval '" ~ var('core_window_days') ~ "' day as date) from {}.lake__context)" -%}
    {{ return({
        'kind': 'keyed', 'key': 'customer_id',
        'affected': [
            'select customer_id from news.int_orders',
            'select customer_id from intermediate.int_orders where customer_order_number is not null
            and cast(paid_at as date) > ' ~ border.replace('{}', 'news_before') ~ ' and cast(paid_at as date) <= ' ~ border.replace('{}', 'raw'),
        ],
        'reads': {'int_orders': 'customer_id in ({keys})'},
        'looks_up': ['lake.context'],
        'unless': ['select 1 from news_before.lake__context where as_of_on > (select max(as_of_on) from raw.lake__context)'],
    }) }}
{% endmacro %}

{% macro news_rule__int_customer_acquisition() %}
    {{ return({
        'kind': 'keyed', 'key': 'customer_id',
        'affected': [
            'select customer_id from news.int_customers', 'select customer_id from news.int_customer_orders',
            'select customer_id from news.int_touches', 'select customer_id from news.int_touches__assigned',
        ],
        'reads': {
            'int_customers': 'customer_id in ({keys})', 'int_customer_orders': 'customer_id in ({keys})', 'int_touches': 'customer_id in ({keys})',
            'int_touches__assigned': 'customer_id in ({keys})',
        },
    }) }}
{% endmacro %}

{# Of what sources say of a customer nobody else's claims matter. #}
{% macro news_rule__int_members() %}
    {{ return({
        'kind': 'keyed', 'key': 'record_key',
        'affected': [
            'select record_key from news.int_members__unioned',
            'select record_key from intermediate.int_members__unioned where record_key in (select record_key from news.int_record_customers)',
        ],
        'reads': {'int_members__unioned': 'record_key in ({keys})', 'int_record_customers': 'record_id in (' ~ ids_of_keys() ~ ')'},
    }) }}
{% endmacro %}

{% macro news_rule__int_customer_golden() %}
    {{ return({
        'kind': 'keyed', 'key': 'customer_id',
        'affected': [
            'select customer_id from news.int_orders', 'select customer_id from news.int_members', 'select customer_id from news.int_contacts',
            'select customer_id from news.int_touches',
        ],
        'reads': {
            'int_orders': 'customer_id in ({keys})', 'int_members': 'customer_id in ({keys})', 'int_contacts': 'customer_id in ({keys})',
            'int_touches': 'customer_id in ({keys})',
        },
    }) }}
{% endmacro %}

{% macro news_rule__int_interactions() %}
    {%- set customers = 'select customer_id from news.int_touches union all select customer_id from news.int_contacts' -%}
    {{ return({
        'kind': 'keyed', 'key': 'touch_key',
        'affected': [
            'select touch_key from news.int_touches', 'select touch_key from intermediate.int_touches where customer_id in (' ~ customers ~ ')',
        ],
        'reads': {
            'int_touches': 'touch_key in ({keys})',
            'int_contacts': 'customer_id in (select customer_id from intermediate.int_touches where touch_key in ({keys}))',
        },
    }) }}
{% endmacro %}

{# Whoever holds a stay: the customer, or the relation of somebody who is none. #}
{% macro news_rule__int_pool_stays() %}
    {%- set holder = 'coalesce(customer_id, relation_key)' -%}
    {{ return({
        'kind': 'keyed', 'key': 'holder',
        'affected': ['select ' ~ holder ~ ' from news.int_contacts', 'select customer_id from news.int_purchases'],
        'reads': {'int_contacts': holder ~ ' in ({keys})', 'int_purchases': 'customer_id in ({keys})'},
    }) }}
{% endmacro %}

{% macro news_rule__int_service() %}{{ return({'kind': 'whole'}) }}{% endmacro %}

{# Evidence that names no order speaks of the customer's last one before it: another order of theirs may take it. #}
{% macro news_rule__int_orders__judged() %}
    {%- set buyers = 'select customer_id from intermediate.int_purchases where order_key in ({keys})' -%}
    {%- set theirs = ['order_key in ({keys})', 'customer_id in (' ~ buyers ~ ')'] -%}
    {{ return({
        'kind': 'keyed', 'key': 'order_key',
        'affected': [
            'select order_key from news.int_refunds', 'select order_key from news.int_order_costs', 'select order_key from news.int_paths',
            'select order_key from news.int_order_lines', 'select order_key from news.int_orders', 'select order_key from news.int_service',
            'select order_key from news.int_purchases', 'select order_key from news.int_conversions',
            'select order_key from intermediate.int_purchases where customer_id in (
                select customer_id from news.int_service union all select customer_id from news.int_purchases
                union all select customer_id from news.int_conversions
            )',
        ],
        'reads': {
            'int_purchases': theirs, 'int_conversions': theirs,
            'int_orders': ['order_key in ({keys})', 'order_key in (select order_key from intermediate.int_purchases where customer_id in (' ~ buyers ~ '))'],
            'int_service': theirs, 'int_refunds': 'order_key in ({keys})', 'int_order_costs': 'order_key in ({keys})',
            'int_paths': 'order_key in ({keys})', 'int_order_lines': 'order_key in ({keys})',
        },
        'unless': ['int_products__unioned'],
    }) }}
{% endmacro %}
