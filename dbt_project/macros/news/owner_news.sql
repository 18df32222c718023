{# What changes in whose phones and e-mails are when deliveries come; the words are those of the materialization `standing`. What is told of an account
   follows its orders; what is its own is judged key by key, over all accounts that share it. #}

{% macro account_uses() -%}
is_own and is_strong and key_rank < {{ var('identity_account_rank_below') }}
{%- endmacro %}

{# An order that changed speaks of the accounts on all its records; an account that became nobody's, or somebody's, of itself. #}
{% macro news_rule__int_identity_owned__told() %}
    {%- set uses, orders = 'intermediate.int_identity_uses', 'intermediate.int_identity_orders' -%}
    {{ return({
        'kind': 'keyed', 'key': 'account_id',
        'first': {
            'told_changed': 'select record_id from news.int_identity_uses union select record_id from news.int_identity_orders',
            'told_changed_numbers': 'select order_number from news.int_identity_orders
                union select order_number from ' ~ orders ~ ' where record_id in (select record_id from told_changed)',
            'told_changed_beside': 'select record_id from told_changed
                union select record_id from ' ~ orders ~ ' where order_number in (select order_number from told_changed_numbers)',
        },
        'affected': [
            'select node_id from news.int_identity_uses where ' ~ account_uses(),
            'select node_id from ' ~ uses ~ ' where ' ~ account_uses() ~ ' and record_id in (select record_id from told_changed_beside)',
            'select account_id from news.int_identity_crowds',
        ],
        'then': {
            'told_records': 'select distinct record_id from ' ~ uses ~ ' where ' ~ account_uses() ~ ' and node_id in ({keys})',
            'told_numbers': 'select distinct order_number from ' ~ orders ~ ' where record_id in (select record_id from told_records)',
        },
        'reads': {
            'int_identity_orders': 'order_number in (select order_number from told_numbers)',
            'int_identity_uses': 'is_own and record_id in (
                select record_id from told_records union all select record_id from ' ~ news_part('int_identity_orders') ~ ')',
        },
        'looks_up': ['int_identity_crowds'],
    }) }}
{% endmacro %}

{% macro news_rule__int_identity_owned__anchored() %}
    {%- set anchors = account_uses() ~ ' and is_one_per_person' -%}
    {{ return({
        'kind': 'keyed', 'key': 'anchor_id',
        'first': {'records_of_anchored_crowds': records_with('select account_id from news.int_identity_crowds')},
        'affected': [
            'select node_id from news.int_identity_uses where ' ~ anchors, 'select node_id from ' ~ rows_now('int_identity_uses') ~ ' where ' ~ anchors,
            'select node_id from intermediate.int_identity_uses where ' ~ anchors ~ ' and record_id in (select record_id from records_of_anchored_crowds)',
            'select account_id from news.int_identity_crowds',
        ],
        'reads': {
            'int_identity_uses': account_uses() ~ ' and record_id in (select record_id from intermediate.int_identity_uses where ' ~ anchors ~ ' and node_id in ({keys}))',
        },
        'looks_up': ['int_identity_crowds'],
    }) }}
{% endmacro %}

{# Of a key that any account of an anchor is told of, whoever else stands beside the anchor is told too. #}
{% macro news_rule__int_identity_owned() %}
    {%- set told, anchored = 'intermediate.int_identity_owned__told', 'intermediate.int_identity_owned__anchored' -%}
    {{ return({
        'kind': 'keyed', 'key': 'node_id',
        'affected': [
            'select node_id from news.int_identity_owned__told',
            'select node_id from ' ~ told ~ ' where account_id in (
                select account_id from news.int_identity_owned__anchored
                union all
                select account_id from ' ~ anchored ~ ' where anchor_id in (select anchor_id from news.int_identity_owned__anchored))',
        ],
        'reads': {
            'int_identity_owned__told': 'node_id in ({keys})',
            'int_identity_owned__anchored': 'anchor_id in (
                select anchor_id from ' ~ anchored ~ ' where account_id in (select account_id from ' ~ news_part('int_identity_owned__told') ~ '))',
        },
    }) }}
{% endmacro %}
