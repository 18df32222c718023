{# What changes in the guards of identity when deliveries come; the words are those of the materialization `standing`. A guard counts over the
   neighbours of a key: what may differ is found by following records to their keys and keys to their records, as far as the guard itself looks.
   Guards that look far are computed whole: at a million orders with 1 % of news, following all neighbours of who receives a parcel took longer. #}

{% macro records_with(nodes) -%}
select record_id from intermediate.int_identity_uses where node_id in ({{ nodes }})
{%- endmacro %}

{# A payment and the orders that show its number. #}
{% macro news_rule__int_identity_payments() %}
    {%- set numbered = "is_bridge and key_type <> 'order_id'" -%}
    {%- set uses = 'intermediate.int_identity_uses' -%}
    {%- set beside = 'record_id in (select record_id from payments_beside)' -%}
    {{ return({
        'kind': 'keyed', 'key': 'record_key',
        'first': {
            'payment_numbers_changed': 'select node_id from news.int_identity_uses where ' ~ numbered ~ '
                union select node_id from ' ~ rows_now('int_identity_uses') ~ ' where ' ~ numbered ~ '
                union select node_id from ' ~ uses ~ ' where ' ~ numbered ~ ' and record_id in (
                    select record_id from news.int_identity_orders except select record_id from news.int_identity_uses)',
        },
        'affected': [
            'select record_key from news.int_identity_uses where ' ~ numbered,
            'select record_key from ' ~ uses ~ ' where ' ~ numbered ~ ' and node_id in (select node_id from payment_numbers_changed)',
        ],
        'then': {
            'payments_beside': 'select distinct record_id from ' ~ uses ~ ' where ' ~ numbered ~ ' and node_id in (
                select node_id from ' ~ uses ~ ' where ' ~ numbered ~ ' and record_id in (' ~ ids_of_keys() ~ '))',
        },
        'reads': {'int_identity_uses': beside, 'int_identity_orders': beside},
    }) }}
{% endmacro %}

{% macro news_rule__int_identity_crowds() %}
    {{ return({
        'kind': 'keyed', 'key': 'account_id',
        'affected': ['select account_id from news.int_identity_payments'],
        'reads': {'int_identity_payments': 'account_id in ({keys})'},
    }) }}
{% endmacro %}

{# To whom a parcel goes is told by orders, accounts and their other orders, at several removes. #}
{% macro news_rule__int_identity_guards__receivers() %}{{ return({'kind': 'whole'}) }}{% endmacro %}

{# What stands beside a key that has a cap, on whatever record. #}
{% macro news_rule__int_identity_guards__wide() %}
    {%- set is_capped = is_usable('int_identity_uses') ~ ' and ' ~ fan_out_cap('int_identity_uses') ~ ' is not null' -%}
    {{ return({
        'kind': 'keyed', 'key': 'node_id',
        'first': {
            'wide_changed': records_with('select account_id from news.int_identity_crowds') ~ ' union select ' ~ hash60('record_key') ~ ' from news.int_identity_guards__receivers',
        },
        'affected': [
            'select node_id from news.int_identity_uses where ' ~ is_capped,
            'select node_id from ' ~ rows_now('int_identity_uses') ~ ' as int_identity_uses where ' ~ is_capped,
            'select node_id from intermediate.int_identity_uses where record_id in (select record_id from wide_changed) and ' ~ is_capped,
        ],
        'then': {'wide_records': records_with('{keys}')},
        'reads': {
            'int_identity_uses': [is_usable('int_identity_uses') ~ ' and node_id in ({keys})', 'is_strong and not is_bridge and record_id in (select record_id from wide_records)'],
            'int_identity_guards__receivers': 'record_key in (select record_key from ' ~ news_part('int_identity_uses') ~ ')',
        },
        'looks_up': ['int_identity_crowds'],
    }) }}
{% endmacro %}

{% macro news_rule__int_identity_payers() %}{{ return({'kind': 'whole'}) }}{% endmacro %}

{# Payments follow their record. Crowds, and orders that say that another paid, are few and looked at each time. #}
{% macro news_rule__int_identity_guards__payers() %}
    {%- set told = 'select record_key from intermediate.int_orders__unioned where is_paid_by_other' -%}
    {%- set crowds = 'select account_id from intermediate.int_identity_crowds' -%}
    {{ return({
        'kind': 'keyed', 'key': 'coalesce(record_key, cast(node_id as string))',
        'first': {'numbers_paid_by_other': 'select distinct order_number from intermediate.int_identity_orders
            where record_id in (select ' ~ hash60('record_key') ~ ' from (' ~ told ~ ') as told)'},
        'affected': [
            told, "select record_key from intermediate.int_identity_guards__payers where rule = 'paid_by_other'",
            'select record_key from intermediate.int_identity_orders where order_number in (select order_number from numbers_paid_by_other)',
            "select record_key from news.int_identity_uses where (is_bridge and key_type <> 'order_id') or trust = 'receiver'",
            'select record_key from news.int_identity_payments',
            'select record_key from intermediate.int_identity_payments
            where (payer_id, account_id) in (select payer_id, account_id from news.int_identity_payers)',
            'select cast(account_id as string) from news.int_identity_crowds', 'select cast(account_id as string) from intermediate.int_identity_crowds',
        ],
        'reads': {
            'int_identity_uses': ['record_id in (' ~ ids_of_keys() ~ ')', 'node_id in (' ~ crowds ~ ')'],
            'int_identity_payments': 'record_key in ({keys})',
            'int_identity_orders': 'order_number in (select order_number from numbers_paid_by_other)',
            'int_orders__unioned': 'is_paid_by_other',
            'int_identity_payers': 'payer_id in (select payer_id from ' ~ news_part('int_identity_payments') ~ ')',
        },
        'looks_up': ['int_identity_crowds'],
    }) }}
{% endmacro %}

{# A key that the staff holds is theirs in all its windows. Of a use that came or went and is neither unreadable, nor of a holder nobody knows, nor told of
   the staff, nothing is said by itself unless its key stands here already or is ruled on. #}
{% macro news_rule__int_identity_guards() %}
    {%- set named -%}
    select key_token from intermediate.int_identity_guards where rule in ('staff', 'ruling') union all select key_token from intermediate.int_identity_rulings
    {%- endset -%}
    {{ return({
        'kind': 'keyed', 'key': 'key_token',
        'affected': [
            'select key_token from news.int_identity_uses where not ' ~ is_usable('int_identity_uses') ~ ' or is_holder_unknown
            or ' ~ regexp_like('record_key', '#staff$'),
            'select key_token from news.int_identity_uses where key_token in (' ~ named ~ ')',
            'select key_token from news.int_identity_guards__wide',
            'select key_token from news.int_identity_guards__payers', 'select key_token from news.int_identity_guards__receivers',
        ],
        'reads': {
            'int_identity_uses': 'key_token in ({keys})', 'int_identity_guards__wide': 'key_token in ({keys})',
            'int_identity_guards__payers': 'key_token in ({keys})', 'int_identity_guards__receivers': 'key_token in ({keys})',
        },
        'unless': ['int_identity_rulings'],
    }) }}
{% endmacro %}

{% macro news_rule__int_identity_proxies() %}
    {{ return({
        'kind': 'keyed', 'key': 'record_key',
        'affected': [
            'select record_key from news.int_identity_uses',
            "select record_key from intermediate.int_identity_uses where (node_id, trust) in (select node_id, trust from news.int_identity_guards where rule = 'staff')",
        ],
        'reads': {'int_identity_uses': 'record_id in (' ~ ids_of_keys() ~ ')', 'int_identity_guards': "rule = 'staff'"},
    }) }}
{% endmacro %}

{% macro news_rule__int_identity_refusals__unreadable() %}
    {%- set unreadable = 'not ' ~ is_usable('int_identity_uses') ~ ' and not ' ~ stands_for_nobody('int_identity_uses') -%}
    {{ return({
        'kind': 'keyed', 'key': 'record_key',
        'affected': ['select record_key from news.int_identity_uses where ' ~ unreadable],
        'reads': {'int_identity_uses': unreadable ~ ' and record_id in (' ~ ids_of_keys() ~ ')'},
    }) }}
{% endmacro %}

{# What was refused of a key; values that nobody can read stand under no token. What stands between people, of which there is little, is looked at
   each time. #}
{% macro news_rule__int_identity_refusals() %}
    {%- set linked = 'select node_a from intermediate.int_identity_links union all select node_b from intermediate.int_identity_links' -%}
    {%- set between = ['node_id in (' ~ linked ~ ')', 'key_token in (select key_token from intermediate.int_identity_windows)'] -%}
    {%- set beside = 'record_id in (select record_id from ' ~ news_part('int_identity_uses') ~ ')' -%}
    {%- set uses, nobodys = 'intermediate.int_identity_uses', stands_for_nobody('int_identity_uses') -%}
    {%- set guarded = "key_token in (select key_token from intermediate.int_identity_guards where rule <> 'class')" -%}
    {%- set told -%}
    select record_key from news.int_identity_evidence union all select record_key from news.int_record_customers
    {%- endset -%}
    {{ return({
        'kind': 'keyed', 'key': 'key_token',
        'first': {'refusable_uses': 'select record_key, node_id, key_token from ' ~ uses ~ ' where rowid in (
            select rowid from ' ~ uses ~ ' where ' ~ nobodys ~ '
            union all
            select rowid from ' ~ uses ~ " where node_id in (select node_id from intermediate.int_identity_guards where rule <> 'class'))"},
        'affected': [
            "select '' from news.int_identity_refusals__unreadable",
            "select key_token from news.int_identity_guards where rule <> 'class'",
            'select key_token from news.int_identity_uses where ' ~ nobodys, 'select key_token from news.int_identity_uses where ' ~ guarded,
            'select key_token from refusable_uses where record_key in (' ~ told ~ ')',
            'select key_token from intermediate.int_identity_nodes where ' ~ between[0], 'select key_token from intermediate.int_identity_windows',
            "select key_token from intermediate.int_identity_refusals where rule in ('cannot_link', 'recycled')",
        ],
        'reads': {
            'int_identity_guards': "rule <> 'class' and key_token in ({keys})",
            'int_identity_uses': [
                'node_id in (select node_id from refusable_uses where key_token in ({keys}))', 'node_id is null and key_token in ({keys})',
            ],
            'int_identity_refusals__unreadable': "'' in ({keys})",
            'int_identity_evidence': beside, 'int_record_customers': beside,
            'int_identity_nodes': between,
            'int_identity_persons': ['node_id in (' ~ linked ~ ')', 'node_id in (select node_id from ' ~ news_part('int_identity_nodes') ~ ')'],
            'int_customers': 'component in (select component from ' ~ news_part('int_identity_persons') ~ ')',
        },
        'looks_up': ['int_identity_links', 'int_identity_windows'],
    }) }}
{% endmacro %}
{% macro news_rule__int_identity_links() %}{{ return({'kind': 'whole'}) }}{% endmacro %}
{% macro news_rule__identity_review() %}{{ return(news_like('int_identity_refusals', 'key_token')) }}{% endmacro %}
