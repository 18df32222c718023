{# What changes in keys, their uses, customers and whose records are when deliveries come; the words are those of the materialization `standing`.
   The guards between them stand in guard_news.sql, the graph in graph_news.sql. #}

{# Numbers of the records that are a rule's keys. A number is enough to find them by: who shares one is read, and not put into the table. #}
{% macro ids_of_keys() %}{{ return('select ' ~ hash60('key_value') ~ ' from ({keys}) as asked') }}{% endmacro %}

{% macro news_rule__int_identity_keys() %}{{ return({'kind': 'touched', 'key': 'record_id', 'keeps': true}) }}{% endmacro %}

{% macro news_rule__int_identity_rulings() %}{{ return({'kind': 'whole'}) }}{% endmacro %}

{# Whether a key changed hands is told by its records and by the stronger keys on them; of most no two uses lie far enough apart. #}
{% macro news_rule__int_identity_windows() %}
    {%- set days = var('identity_recycles_after_days') -%}
    {%- set recycled = 'key_type in (' ~ quoted_list(days) ~ ')' -%}
    {{ return({
        'kind': 'keyed', 'key': 'key_token',
        'affected': [
            'select key_token from news.int_identity_keys where ' ~ recycled,
            'select key_token from ' ~ rows_now('int_identity_keys') ~ ' where ' ~ recycled,
        ],
        'then': {
            'silent_keys': 'select key_token from intermediate.int_identity_keys where ' ~ recycled ~ ' and key_token in ({keys})
                group by key_type, key_scope, key_token
                having ' ~ days_between('min(last_seen_at)', 'max(first_seen_at)') ~ ' > ' ~ by_key_type('key_type', days),
        },
        'reads': {'int_identity_keys': 'record_id in (
            select record_id from intermediate.int_identity_keys where ' ~ recycled ~ ' and key_token in (select key_token from silent_keys))'},
    }) }}
{% endmacro %}

{# Keys that changed hands are few, and looked at each time. #}
{% macro news_rule__int_identity_windows__repeated() %}
    {%- set with_them = 'from intermediate.int_identity_keys where key_token in (select key_token from intermediate.int_identity_windows)' -%}
    {{ return({
        'kind': 'keyed', 'key': 'record_key',
        'affected': ['select record_key ' ~ with_them, 'select record_key from intermediate.int_identity_windows__repeated'],
        'reads': {'int_identity_keys': 'record_id in (select record_id ' ~ with_them ~ ')'},
        'looks_up': ['int_identity_windows'],
    }) }}
{% endmacro %}

{# A ruling links only keys that data know, so its own uses follow the keys that it names. #}
{% macro news_rule__int_identity_uses() %}
    {%- set rulings, ruling = 'intermediate.int_identity_rulings', hash60('ruling_key') -%}
    {{ return({
        'kind': 'keyed', 'key': 'record_id', 'keeps': true,
        'affected': [
            'select record_id from news.int_identity_keys',
            'select record_id from intermediate.int_identity_keys where (key_type, key_scope, key_token) in (select key_type, key_scope, key_token from news.int_identity_windows)',
            'select ' ~ hash60('record_key') ~ ' from news.int_identity_windows__repeated',
            'select ' ~ ruling ~ ' from news.int_identity_rulings',
            'select ' ~ ruling ~ ' from ' ~ rulings ~ ' where key_token in (
                select key_token from news.int_identity_keys union all select key_token from news.int_identity_windows)',
        ],
        'reads': {'int_identity_keys': [
            'record_id in ({keys})', 'key_token in (select key_token from ' ~ rulings ~ ' where ' ~ ruling ~ ' in ({keys}))',
        ]},
        'looks_up': ['int_identity_windows', 'int_identity_windows__repeated', 'int_identity_rulings'],
    }) }}
{% endmacro %}

{% macro news_rule__int_identity_orders() %}
    {{ return({
        'kind': 'keyed', 'key': 'record_id',
        'affected': ['select record_id from news.int_identity_uses'],
        'reads': {'int_identity_uses': 'record_id in ({keys})'},
    }) }}
{% endmacro %}

{% macro news_rule__int_customers() %}
    {{ return({
        'kind': 'keyed', 'key': 'component',
        'affected': [
            'select component from news.int_identity_persons',
            'select component from intermediate.int_identity_persons where node_id in (select node_id from news.int_identity_nodes)',
        ],
        'reads': {
            'int_identity_persons': 'component in ({keys})',
            'int_identity_nodes': 'node_id in (select node_id from intermediate.int_identity_persons where component in ({keys}))',
        },
    }) }}
{% endmacro %}

{# A customer who was merely seen again keeps the name, and so do their records. #}
{% macro renamed_components() -%}
select component from (select distinct component, customer_id, is_now from news.int_customers) as told group by component, customer_id having count(*) = 1
{%- endmacro %}

{% macro news_rule__int_record_customers() %}
    {{ return({
        'kind': 'keyed', 'key': 'record_id', 'keeps': true,
        'affected': [
            'select record_id from news.int_identity_evidence',
            'select record_id from intermediate.int_identity_evidence where node_id in (select node_id from news.int_identity_persons)',
            'select record_id from intermediate.int_identity_evidence where node_id in (select node_id from intermediate.int_identity_persons where component in (' ~ renamed_components() ~ '))',
        ],
        'reads': {
            'int_identity_evidence': 'record_id in ({keys})',
            'int_identity_persons': 'node_id in (select node_id from ' ~ news_part('int_identity_evidence') ~ ')',
            'int_customers': 'component in (select component from ' ~ news_part('int_identity_persons') ~ ')',
        },
    }) }}
{% endmacro %}
