{# What changes in contacts, touches, paths and the ledger when deliveries come; the words are those of the materialization `standing`.
   Contacts follow the relation, touches themselves; what led to an order follows every event of the customer. #}

{% macro news_rule__int_contacts__unioned() %}{{ return({'kind': 'touched', 'key': 'contact_key'}) }}{% endmacro %}
{% macro news_rule__int_contact_events__unioned() %}{{ return({'kind': 'touched', 'key': "coalesce(contact_key, '')"}) }}{% endmacro %}
{% macro news_rule__int_members__unioned() %}{{ return({'kind': 'touched', 'key': 'record_key'}) }}{% endmacro %}
{% macro news_rule__int_touches__unioned() %}{{ return({'kind': 'touched', 'key': "coalesce(touch_key, '')"}) }}{% endmacro %}
{% macro news_rule__int_contacts__coded() %}{{ return({'kind': 'whole'}) }}{% endmacro %}

{% macro news_rule__int_contacts() %}
    {%- set relation = "'r' || substr(md5(contact_key), 1, 20)" -%}
    {{ return({
        'kind': 'keyed', 'key': 'relation_key',
        'affected': [
            'select ' ~ relation ~ ' from news.int_contacts__unioned', 'select ' ~ relation ~ ' from news.int_contact_events__unioned',
            'select relation_key from intermediate.int_contacts where record_key in (select record_key from news.int_record_customers)',
        ],
        'reads': {
            'int_contacts__unioned': relation ~ ' in ({keys})', 'int_contact_events__unioned': relation ~ ' in ({keys})',
            'int_record_customers': 'record_id in (select ' ~ hash60('record_key') ~ ' from ' ~ news_part('int_contacts__unioned')
                ~ ' union all select ' ~ hash60('record_key') ~ ' from ' ~ news_part('int_contact_events__unioned') ~ ')',
        },
    }) }}
{% endmacro %}

{% macro news_rule__int_touches() %}
    {%- set named = "'t' || substr(md5(touch_key), 1, 20)" -%}
    {%- set orders = 'select order_key from news.int_orders union all ' ~ changed_twins() -%}
    {{ return({
        'kind': 'keyed', 'key': 'touch_key',
        'first': {
            'touches_asked': 'select touch_key from news.int_touches__unioned
                union select touch_key from intermediate.int_touches__unioned where record_key in (select record_key from news.int_record_customers)
                union select touch_key from intermediate.int_touches__unioned where order_key in (' ~ orders ~ '
                    union all select order_key from intermediate.int_orders__doubled where kept_order_key in (' ~ orders ~ '))',
        },
        'affected': [
            'select ' ~ named ~ ' from touches_asked',
            "select 'contact:' || contact_key from news.int_contacts", "select 'contact:' || contact_key from news.int_contacts__coded",
            "select 'order:' || order_key from news.int_orders",
        ],
        'reads': {
            'int_touches__unioned': 'touch_key in (select touch_key from touches_asked)',
            'int_contacts': "'contact:' || contact_key in ({keys})",
            'int_contacts__coded': 'contact_key in (select contact_key from ' ~ news_part('int_contacts') ~ ')',
            'int_record_customers': 'record_id in (select ' ~ hash60('record_key') ~ ' from ' ~ news_part('int_touches__unioned') ~ ')',
            'int_orders__doubled': 'order_key in (select order_key from ' ~ news_part('int_touches__unioned') ~ ')',
            'int_orders': ["'order:' || order_key in ({keys})", 'order_key in (select order_key from ' ~ news_part('int_touches__unioned')
                ~ ' union all select kept_order_key from ' ~ news_part('int_orders__doubled') ~ ')'],
        },
        'unless': ['int_rulings'],
    }) }}
{% endmacro %}

{% macro news_rule__int_conversions() %}
    {{ return({
        'kind': 'keyed', 'key': 'order_key',
        'affected': [
            'select order_key from news.int_orders',
            'select order_key from intermediate.int_orders where customer_id in (select customer_id from news.int_orders)',
        ],
        'reads': {'int_orders': 'order_key in ({keys})'},
    }) }}
{% endmacro %}

{% macro news_rule__int_touches__assigned() %}
    {%- set customers = 'select customer_id from news.int_touches union all select customer_id from news.int_conversions' -%}
    {{ return({
        'kind': 'keyed', 'key': 'touch_key',
        'affected': [
            'select touch_key from news.int_touches',
            'select touch_key from intermediate.int_touches where customer_id in (' ~ customers ~ ')',
        ],
        'reads': {'int_touches': 'touch_key in ({keys})', 'int_conversions': 'customer_id in (' ~ customers ~ ')'},
    }) }}
{% endmacro %}

{# Where touches serve several conversions, paths follow the customer's time line as a whole, and are computed whole. #}
{% macro news_rule__int_paths() %}
    {%- if not var('cycle_cut') -%}{{ return({'kind': 'whole'}) }}{%- endif -%}
    {{ return({
        'kind': 'keyed', 'key': 'order_key',
        'affected': [
            'select order_key from news.int_conversions', 'select order_key from news.int_touches',
            'select order_key from intermediate.int_conversions where conversion_key in (select conversion_key from news.int_touches__assigned)',
        ],
        'reads': {
            'int_conversions': 'order_key in ({keys})', 'int_touches': 'order_key in ({keys})',
            'int_touches__assigned': 'conversion_key in (select conversion_key from intermediate.int_conversions where order_key in ({keys}))',
        },
    }) }}
{% endmacro %}

{% macro news_rule__int_paths__credited() %}
    {{ return({
        'kind': 'keyed', 'key': 'order_key',
        'affected': ['select order_key from news.int_paths'],
        'reads': {'int_paths': 'order_key in ({keys})'},
    }) }}
{% endmacro %}

{# A way that stood open may have ended with the day: then the day it expired has passed. #}
{% macro news_rule__int_journeys() %}
    {%- set whose = 'coalesce(customer_id, conversion_key)' -%}
    {{ return({
        'kind': 'keyed', 'key': 'coalesce(customer_id, journey_key)',
        'affected': [
            'select ' ~ whose ~ ' from news.int_paths', 'select customer_id from news.int_touches__assigned',
            "select customer_id from intermediate.int_journeys
            where outcome = 'open' and cast(expires_at as date) < (select max(as_of_on) from raw.lake__context)",
        ],
        'reads': {'int_paths': whose ~ ' in ({keys})', 'int_touches__assigned': 'customer_id in ({keys})'},
        'looks_up': ['lake.context'],
        'unless': ['select 1 from news_before.lake__context where as_of_on > (select max(as_of_on) from raw.lake__context)'],
    }) }}
{% endmacro %}

{% macro news_rule__int_journeys__told() %}
    {%- set whose = 'coalesce(customer_id, journey_key)' -%}
    {{ return({
        'kind': 'keyed', 'key': whose, 'affected': ['select ' ~ whose ~ ' from news.int_journeys'],
        'reads': {'int_journeys': whose ~ ' in ({keys})'},
    }) }}
{% endmacro %}

{% macro news_rule__int_campaigns__sent() %}{{ return({'kind': 'whole'}) }}{% endmacro %}
{% macro news_rule__int_member_days() %}{{ return({'kind': 'whole'}) }}{% endmacro %}

{# Whom a campaign meant follows all that is known of the person. #}
{% macro news_rule__int_campaigns__reached() %}
    {%- set person = "coalesce(customer_id, 'touch ' || touch_key)" -%}
    {{ return({
        'kind': 'keyed', 'key': 'person',
        'affected': [
            'select ' ~ person ~ ' from news.int_touches where campaign is not null and order_key is null',
            'select ' ~ person ~ ' from intermediate.int_touches where (channel, campaign) in (select channel, campaign from news.int_campaigns__sent)',
            'select customer_id from news.int_member_days', 'select customer_id from news.int_conversions', 'select customer_id from news.int_contacts',
        ],
        'reads': {
            'int_touches': person ~ ' in ({keys}) and campaign is not null and order_key is null',
            'int_member_days': 'customer_id in ({keys})', 'int_conversions': 'customer_id in ({keys})', 'int_contacts': 'customer_id in ({keys})',
        },
        'looks_up': ['int_campaigns__sent'],
    }) }}
{% endmacro %}
