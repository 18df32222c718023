{# What changes in the marts that say something of single orders, touches and keys; the words are those of the materialization `standing`.
   Marts that add up are computed whole. #}

{% macro news_rule__fct_orders() %}{{ return(news_like('int_orders', 'order_key')) }}{% endmacro %}
{% macro news_rule__fct_order_lines() %}{{ return(news_like('int_order_lines', 'order_key')) }}{% endmacro %}
{% macro news_rule__fct_refunds() %}{{ return(news_like('int_refunds', "coalesce(order_key, '')")) }}{% endmacro %}
{% macro news_rule__fct_touches() %}{{ return(news_like('int_touches', 'touch_key')) }}{% endmacro %}

{# A mart that shows one relation, row by row. #}
{% macro news_like(input, key) %}
    {{ return({'kind': 'keyed', 'key': key, 'affected': ['select ' ~ key ~ ' from news.' ~ input], 'reads': {input: key ~ ' in ({keys})'}}) }}
{% endmacro %}

{# Fitted strengths share every order anew; the day makes an order's money final. #}
{% macro news_rule__fct_attribution() %}
    {{ return({
        'kind': 'keyed', 'key': 'order_key',
        'affected': [
            'select order_key from news.int_conversions', 'select order_key from news.int_paths', 'select order_key from news.int_paths__credited',
            'select order_key from intermediate.int_conversions
            where refund_matures_on > (select max(as_of_on) from news_before.lake__context) and refund_matures_on <= (select max(as_of_on) from raw.lake__context)',
        ],
        'reads': {'int_conversions': 'order_key in ({keys})', 'int_paths': 'order_key in ({keys})', 'int_paths__credited': 'order_key in ({keys})'},
        'looks_up': ['lake.context'],
        'unless': [
            'from analytics.touch_strengths except from news_before.touch_strengths',
            'from news_before.touch_strengths except from analytics.touch_strengths',
            'select 1 from news_before.lake__context where as_of_on > (select max(as_of_on) from raw.lake__context)',
        ],
    }) }}
{% endmacro %}

{% macro news_rule__customer_keys() %}
    {%- set of_nodes = 'select key_token from intermediate.int_identity_nodes where node_id in ' -%}
    {{ return({
        'kind': 'keyed', 'key': 'key_token',
        'affected': [
            'select key_token from news.int_identity_nodes',
            of_nodes ~ '(select node_id from news.int_identity_persons)',
            of_nodes ~ '(select node_id from intermediate.int_identity_persons where component in (' ~ renamed_components() ~ '))',
        ],
        'reads': {
            'int_identity_nodes': 'key_token in ({keys})',
            'int_identity_persons': 'node_id in (select node_id from ' ~ news_part('int_identity_nodes') ~ ')',
            'int_customers': 'component in (select component from ' ~ news_part('int_identity_persons') ~ ')',
        },
        'unless': ['int_identity_rulings'],
    }) }}
{% endmacro %}

{% macro news_rule__fct_contacts() %}
    {{ return({
        'kind': 'keyed', 'key': 'contact_key',
        'affected': ['select contact_key from news.int_contacts', 'select contact_key from news.int_contacts__coded'],
        'reads': {'int_contacts': 'contact_key in ({keys})', 'int_contacts__coded': 'contact_key in ({keys})'},
    }) }}
{% endmacro %}
