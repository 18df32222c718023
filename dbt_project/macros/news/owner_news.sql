{# What changes in whose a phone is, to whom a parcel goes and who pays for whom when deliveries come. Orders, accounts and what one person holds once
   lead from record to record, so what may differ is found by going the same ways; the words are those of the materialization `standing`.
   An order may stand on many records; a record without an order stands for itself. #}

{% macro records_with(nodes) -%}
select record_key from intermediate.int_identity_uses where node_id in ({{ nodes }})
{%- endmacro %}

{% macro nodes_on(records) -%}
select node_id from intermediate.int_identity_uses where record_key in ({{ records }})
{%- endmacro %}

{% macro orders_of(records) -%}
select order_number from intermediate.int_identity_orders where record_key in ({{ records }})
{%- endmacro %}

{# All records of the orders that stand on these. #}
{% macro records_beside(records) -%}
select record_key from intermediate.int_identity_orders where order_number in ({{ orders_of(records) }})
union all
{{ records }}
{%- endmacro %}

{# Uses of accounts, and of phones and e-mails. #}
{% macro of_accounts() -%}not is_bridge and is_strong and key_rank < {{ var('identity_account_rank_below') }}{%- endmacro %}
{% macro of_numbers() -%}not is_bridge and key_rank >= {{ var('identity_account_rank_below') }}{%- endmacro %}

{# Records on which something changed, and those that stood in one order with them. #}
{% macro changed_records() -%}
select record_key from news.int_identity_uses
union
select record_key from news.int_identity_orders
union
select record_key from intermediate.int_identity_orders where order_number in (select order_number from news.int_identity_orders)
union
{{ records_with('select account_id from news.int_identity_crowds') }}
{%- endmacro %}

{# A number's accounts are told on its orders; those of one person tell each other's, by the key that this person holds once. #}
{% macro news_rule__int_identity_owned() %}
    {%- set names, own = this.identifier, ' and is_own and not is_ruled' -%}
    {{ return({
        'kind': 'keyed', 'key': 'node_id',
        'first': {
            'changed_of_owned': changed_records(),
            'anchors_of_owned': nodes_on('select record_key from changed_of_owned') ~ ' and is_one_per_person' ~ own
                ~ ' union select node_id from news.int_identity_uses where is_one_per_person',
            'accounts_of_owned': nodes_on(records_with('select node_id from anchors_of_owned')) ~ ' and ' ~ of_accounts() ~ own
                ~ ' union select node_id from news.int_identity_uses where ' ~ of_accounts(),
        },
        'affected': [
            'select node_id from news.int_identity_uses where ' ~ of_numbers(),
            nodes_on(records_beside('select record_key from changed_of_owned')) ~ ' and ' ~ of_numbers() ~ own,
            nodes_on(records_beside(records_with('select node_id from accounts_of_owned'))) ~ ' and ' ~ of_numbers() ~ own,
        ],
        'then': {
            'telling_owned': 'select distinct record_key from (' ~ records_beside(records_with('{keys}') ~ own) ~ ')',
            'tellers_of_owned': nodes_on('select record_key from telling_owned') ~ ' and ' ~ of_accounts() ~ own,
            'anchors_of_owned': nodes_on(records_with('select node_id from tellers_of_owned')) ~ ' and is_one_per_person' ~ own,
        },
        'reads': {
            'int_identity_uses': [
                'record_key in (select record_key from telling_owned)', 'record_key in (' ~ records_with('select node_id from tellers_of_owned') ~ own ~ ')',
                'record_key in (' ~ records_with('select node_id from anchors_of_owned') ~ own ~ ')',
            ],
        },
        'looks_up': ['int_identity_orders', 'int_identity_crowds'],
    }) }}
{% endmacro %}

{# Whether a receiver is refused is told by all orders of the accounts that send to them. #}
{% macro news_rule__int_identity_guards__receivers() %}
    {%- set received = " and trust = 'receiver'" -%}
    {{ return({
        'kind': 'keyed', 'key': 'node_id',
        'first': {
            'changed_of_receivers': changed_records() ~ ' union ' ~ records_with('select account_id from news.int_identity_owned union all select node_id from news.int_identity_owned'),
            'accounts_of_receivers': nodes_on(records_beside('select record_key from changed_of_receivers')) ~ ' and ' ~ of_accounts()
                ~ ' union select node_id from news.int_identity_uses where ' ~ of_accounts(),
        },
        'affected': [
            "select node_id from news.int_identity_uses where trust = 'receiver'",
            nodes_on(records_beside('select record_key from changed_of_receivers')) ~ received,
            nodes_on(records_beside(records_with('select node_id from accounts_of_receivers'))) ~ received,
        ],
        'then': {
            'sent_to_receivers': 'select distinct record_key from (' ~ records_beside(records_with('{keys}') ~ received) ~ ')',
            'senders_of_receivers': nodes_on('select record_key from sent_to_receivers') ~ ' and ' ~ of_accounts(),
            'told_of_receivers': 'select distinct record_key from (' ~ records_beside(records_with('select node_id from senders_of_receivers')) ~ ')',
            'nodes_of_receivers': nodes_on('select record_key from told_of_receivers union all select record_key from sent_to_receivers'),
        },
        'reads': {
            'int_identity_uses': 'record_key in (select record_key from told_of_receivers union all select record_key from sent_to_receivers)',
            'int_identity_owned': ['account_id in (select node_id from nodes_of_receivers)', 'node_id in (select node_id from nodes_of_receivers)'],
        },
        'looks_up': ['int_identity_orders', 'int_identity_crowds'],
    }) }}
{% endmacro %}
