{# What changes in the guards of identity when deliveries come; the words are those of the materialization `standing`. A guard counts over the
   neighbours of a key: what may differ is found by following records to their keys and keys to their records, as far as the guard itself looks.
   Guards that look far are computed whole: at a million orders with 1 % of news, following all neighbours of whose phone it is took longer. #}

{% macro records_with(nodes) -%}
select record_key from intermediate.int_identity_uses where node_id in ({{ nodes }})
{%- endmacro %}

{% macro orders_of(records) -%}
select order_number from intermediate.int_identity_orders where record_key in ({{ records }})
{%- endmacro %}

{# A payment and the orders that show its number. #}
{% macro news_rule__int_identity_payments() %}
    {%- set numbers = 'select node_id from intermediate.int_identity_uses where is_bridge and record_key in ' -%}
    {%- set sharing = 'select record_key from intermediate.int_identity_uses where is_bridge and node_id in ' -%}
    {%- set changed = 'select record_key from news.int_identity_uses union all select record_key from news.int_identity_orders' -%}
    {{ return({
        'kind': 'keyed', 'key': 'record_key',
        'affected': [
            changed, sharing ~ '(select node_id from news.int_identity_uses where is_bridge)', sharing ~ '(' ~ numbers ~ '(' ~ changed ~ '))',
        ],
        'reads': {
            'int_identity_uses': ['record_key in ({keys})', 'record_key in (' ~ sharing ~ '(' ~ numbers ~ '({keys})))'],
            'int_identity_orders': ['record_key in ({keys})', 'record_key in (' ~ sharing ~ '(' ~ numbers ~ '({keys})))'],
        },
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

{# What stands beside a key, on whatever record. #}
{% macro news_rule__int_identity_guards__wide() %}
    {%- set changed -%}
    select record_key from news.int_identity_uses
    union all
    {{ records_with('select account_id from news.int_identity_crowds') }}
    union all
    select record_key from news.int_identity_guards__receivers
    {%- endset -%}
    {{ return({
        'kind': 'keyed', 'key': 'node_id',
        'affected': [
            'select node_id from news.int_identity_uses', 'select node_id from intermediate.int_identity_uses where record_key in (' ~ changed ~ ')',
        ],
        'reads': {
            'int_identity_uses': 'record_key in (' ~ records_with('{keys}') ~ ')',
            'int_identity_guards__receivers': 'record_key in (select record_key from ' ~ news_part('int_identity_uses') ~ ')',
        },
        'looks_up': ['int_identity_crowds'],
    }) }}
{% endmacro %}

{% macro news_rule__int_identity_payers() %}{{ return({'kind': 'whole'}) }}{% endmacro %}

{# Payments follow their record, crowds are few and looked at each time. That another pays is told of an order on whatever record. #}
{% macro news_rule__int_identity_guards__payers() %}
    {%- set told -%}
    select record_key from news.int_orders__unioned
    union all
    select record_key from news.int_identity_orders
    {%- endset -%}
    {%- set crowds = 'select account_id from intermediate.int_identity_crowds' -%}
    {{ return({
        'kind': 'keyed', 'key': 'coalesce(record_key, cast(node_id as string))',
        'affected': [
            'select record_key from news.int_identity_uses', 'select record_key from news.int_identity_payments', told,
            'select record_key from intermediate.int_identity_orders where order_number in (
                select order_number from news.int_identity_orders union all ' ~ orders_of(told) ~ ')',
            'select record_key from intermediate.int_identity_payments
            where (payer_id, account_id) in (select payer_id, account_id from news.int_identity_payers)',
            'select cast(account_id as string) from news.int_identity_crowds', 'select cast(account_id as string) from intermediate.int_identity_crowds',
        ],
        'then': {'orders_of_payers': 'select distinct order_number from intermediate.int_identity_orders where record_key in ({keys})'},
        'reads': {
            'int_identity_uses': ['record_key in ({keys})', 'node_id in (' ~ crowds ~ ')'],
            'int_identity_payments': 'record_key in ({keys})',
            'int_identity_orders': 'order_number in (select order_number from orders_of_payers)',
            'int_orders__unioned': ['record_key in ({keys})', 'record_key in (
                select record_key from intermediate.int_identity_orders where order_number in (select order_number from orders_of_payers))'],
            'int_identity_payers': 'payer_id in (select payer_id from ' ~ news_part('int_identity_payments') ~ ')',
        },
        'looks_up': ['int_identity_crowds'],
    }) }}
{% endmacro %}

{# A key that the staff holds is theirs in all its windows. #}
{% macro news_rule__int_identity_guards() %}
    {{ return({
        'kind': 'keyed', 'key': 'key_token',
        'affected': [
            'select key_token from news.int_identity_uses', 'select key_token from news.int_identity_guards__wide',
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
        'reads': {'int_identity_uses': 'record_key in ({keys})', 'int_identity_guards': "rule = 'staff'"},
    }) }}
{% endmacro %}

{% macro news_rule__int_identity_refusals__unreadable() %}
    {%- set unreadable = 'not ' ~ is_usable('int_identity_uses') ~ ' and not ' ~ stands_for_nobody('int_identity_uses') -%}
    {{ return({
        'kind': 'keyed', 'key': 'record_key',
        'affected': ['select record_key from news.int_identity_uses where ' ~ unreadable],
        'reads': {'int_identity_uses': unreadable ~ ' and record_key in ({keys})'},
    }) }}
{% endmacro %}

{# What was refused of a key; values that nobody can read stand under no token. What stands between people, of which there is little, is looked at
   each time. #}
{% macro news_rule__int_identity_refusals() %}
    {%- set linked = 'select node_a from intermediate.int_identity_links union all select node_b from intermediate.int_identity_links' -%}
    {%- set between = ['node_id in (' ~ linked ~ ')', 'key_token in (select key_token from intermediate.int_identity_windows)'] -%}
    {%- set beside = 'record_key in (select record_key from ' ~ news_part('int_identity_uses') ~ ')' -%}
    {%- set guarded -%}
    ({{ stands_for_nobody('int_identity_uses') }} or key_token in (select key_token from intermediate.int_identity_guards where rule <> 'class'))
    {%- endset -%}
    {%- set told -%}
    select record_key from news.int_identity_evidence union all select record_key from news.int_record_customers
    {%- endset -%}
    {{ return({
        'kind': 'keyed', 'key': 'key_token',
        'affected': [
            "select '' from news.int_identity_refusals__unreadable",
            "select key_token from news.int_identity_guards where rule <> 'class'", 'select key_token from news.int_identity_uses where ' ~ guarded,
            'select key_token from intermediate.int_identity_uses where ' ~ guarded ~ ' and record_key in (' ~ told ~ ')',
            'select key_token from intermediate.int_identity_nodes where ' ~ between[0], 'select key_token from intermediate.int_identity_windows',
            "select key_token from intermediate.int_identity_refusals where rule in ('cannot_link', 'recycled')",
        ],
        'reads': {
            'int_identity_guards': "rule <> 'class' and key_token in ({keys})",
            'int_identity_uses': guarded ~ ' and key_token in ({keys})',
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
