{# What changes in orders, lines, refunds and costs when deliveries come; the words are those of the materialization `standing`. All follow the
   order: of a sale that two systems tell, what is said of the twin belongs to the order that stands. #}

{% macro news_rule__int_orders__unioned() %}{{ return({'kind': 'touched', 'key': 'order_key'}) }}{% endmacro %}
{% macro news_rule__int_order_lines__unioned() %}{{ return({'kind': 'touched', 'key': "coalesce(order_key, '')"}) }}{% endmacro %}
{% macro news_rule__int_refunds__unioned() %}{{ return({'kind': 'touched', 'key': "coalesce(order_key, '')"}) }}{% endmacro %}
{% macro news_rule__int_order_costs__unioned() %}{{ return({'kind': 'touched', 'key': "coalesce(order_key, '')"}) }}{% endmacro %}
{% macro news_rule__int_payments__unioned() %}{{ return({'kind': 'touched', 'key': 'payment_key'}) }}{% endmacro %}
{% macro news_rule__int_products__unioned() %}{{ return({'kind': 'whole'}) }}{% endmacro %}

{% macro news_rule__int_rulings() %}{{ return({'kind': 'whole'}) }}{% endmacro %}
{% macro news_rule__int_payments() %}{{ return({'kind': 'whole'}) }}{% endmacro %}
{% macro news_rule__int_orders__doubled() %}{{ return({'kind': 'whole'}) }}{% endmacro %}
{% macro news_rule__int_orders__told_again() %}{{ return({'kind': 'whole'}) }}{% endmacro %}

{# Keys of orders that rows of `input` belong to: their own, and that of the order that stands for it. #}
{% macro standing_orders(input) -%}
select coalesce(order_key, '') from news.{{ input }}
union all
select kept_order_key from intermediate.int_orders__doubled where order_key in (select order_key from news.{{ input }})
{%- endmacro %}

{# The rows of the orders with these keys and of their twins; without a key stand under ''. #}
{% macro of_standing_orders() %}
    {{ return([
        'order_key in ({keys})', "order_key is null and '' in ({keys})",
        'order_key in (select order_key from intermediate.int_orders__doubled where kept_order_key in ({keys}))',
    ]) }}
{% endmacro %}

{% macro twins_of_keys() %}{{ return(['order_key in ({keys})', 'kept_order_key in ({keys})']) }}{% endmacro %}

{% macro changed_twins() -%}
select order_key from news.int_orders__doubled union all select kept_order_key from news.int_orders__doubled
{%- endmacro %}

{% macro news_rule__int_order_payment_numbers() %}
    {%- set number = "key_scope || ':' || key_token" -%}
    {{ return({
        'kind': 'keyed', 'key': 'order_key',
        'affected': [
            'select ' ~ number ~ " from news.int_identity_keys where key_type = 'order_id'",
            'select ' ~ number ~ ' from ' ~ rows_now('int_identity_keys') ~ " where key_type = 'order_id'",
        ],
        'reads': {'int_identity_keys': "key_type in ('order_id', 'transaction_id', 'out_trade_no') and record_id in (
            select record_id from intermediate.int_identity_keys where key_type = 'order_id' and " ~ number ~ ' in ({keys}))'},
    }) }}
{% endmacro %}

{% macro news_rule__int_refunds__told() %}
    {{ return({
        'kind': 'keyed', 'key': "coalesce(order_key, '')",
        'affected': [standing_orders('int_refunds__unioned'), changed_twins()],
        'reads': {'int_refunds__unioned': of_standing_orders(), 'int_orders__doubled': twins_of_keys()},
    }) }}
{% endmacro %}

{# Files that came may cover days of which nothing was known. #}
{% macro news_rule__int_orders__refunded() %}
    {%- set files = delivered_until('refunds') -%}
    {%- set reached -%}
    select orders.order_key
    from intermediate.int_orders__unioned as orders
    inner join (
        select files.platform, files.account, files.delivered_until, before.delivered_until as was_until
        from {{ files }} as files
        left join {{ files | replace('"raw"', '"news_before"') }} as before
            on files.platform = before.platform and files.account is not distinct from before.account
        where files.delivered_until is distinct from before.delivered_until
    ) as grown
        on orders.platform = grown.platform and (grown.account is null or orders.account is null or grown.account = orders.account)
    where cast(coalesce(orders.paid_at, orders.ordered_at) as date) <= cast(grown.delivered_until as date)
        and coalesce(cast(coalesce(orders.paid_at, orders.ordered_at) as date) > cast(grown.was_until as date), true)
    {%- endset -%}
    {{ return({
        'kind': 'keyed', 'key': 'order_key',
        'affected': [
            'select order_key from news.int_orders__unioned', 'select order_key from news.int_refunds__told',
            'select order_key from news.int_payments', reached,
        ],
        'reads': {
            'int_orders__unioned': 'order_key in ({keys})', 'int_refunds__told': 'order_key in ({keys})', 'int_payments': 'order_key in ({keys})',
        },
        'looks_up': ['lake.deliveries'],
    }) }}
{% endmacro %}

{# A line is told once, whichever order names it. #}
{% macro news_rule__int_order_costs__goods() %}
    {%- set lines = 'intermediate.int_order_lines__unioned' -%}
    {{ return({
        'kind': 'keyed', 'key': 'order_key',
        'affected': [
            'select order_key from news.int_orders__unioned', 'select order_key from news.int_order_lines__unioned',
            'select order_key from ' ~ lines ~ ' where line_key in (select line_key from news.int_order_lines__unioned)',
            'select order_key from news.int_refunds__told', 'select order_key from ' ~ lines ~ ' where line_key in (select line_key from news.int_refunds__told)',
            'select order_key from news.int_order_costs__unioned', 'select order_key from news.int_orders__refunded',
        ],
        'reads': {
            'int_orders__unioned': 'order_key in ({keys})',
            'int_order_lines__unioned': 'line_key in (select line_key from ' ~ lines ~ ' where order_key in ({keys}))',
            'int_refunds__told': ['order_key in ({keys})', 'line_key in (select line_key from ' ~ lines ~ ' where order_key in ({keys}))'],
            'int_order_costs__unioned': 'order_key in ({keys})',
            'int_orders__refunded': 'order_key in ({keys})',
        },
        'unless': ['int_products__unioned'],
    }) }}
{% endmacro %}

{% macro news_rule__int_order_costs() %}
    {{ return({
        'kind': 'keyed', 'key': 'order_key',
        'affected': [
            standing_orders('int_order_costs__unioned'), standing_orders('int_payments'), standing_orders('int_order_costs__goods'), changed_twins(),
        ],
        'reads': {
            'int_order_costs__unioned': of_standing_orders(), 'int_payments': of_standing_orders(), 'int_order_costs__goods': of_standing_orders(),
            'int_orders__doubled': twins_of_keys(),
        },
    }) }}
{% endmacro %}

{# The number of an order in its customer's life moves with every other order of theirs. #}
{% macro news_rule__int_orders() %}
    {%- set changed -%}
    select order_key from news.int_orders__unioned
    union all
    select order_key from news.int_order_lines__unioned
    union all
    select order_key from news.int_orders__refunded
    union all
    select order_key from news.int_order_costs
    union all
    select order_key from news.int_orders__told_again
    union all
    {{ changed_twins() }}
    union all
    select order_key from intermediate.int_orders__unioned
    where record_key in (select record_key from news.int_record_customers union all select record_key from news.int_identity_proxies)
    union all
    select subject from news.int_rulings where ruling_kind = 'order_class'
    {%- endset -%}
    {{ return({
        'kind': 'keyed', 'key': 'order_key',
        'first': {'orders_told_anew': 'select distinct order_key from (' ~ changed ~ ') as told'},
        'affected': [
            'select order_key from orders_told_anew',
            'select order_key from intermediate.int_orders where customer_id in (
                select customer_id from intermediate.int_orders where order_key in (select order_key from orders_told_anew)
                union all
                select customer_id from intermediate.int_record_customers where record_id in (
                    select ' ~ hash60('record_key') ~ ' from intermediate.int_orders__unioned where order_key in (select order_key from orders_told_anew))
            )',
        ],
        'reads': {
            'int_orders__unioned': 'order_key in ({keys})', 'int_order_lines__unioned': 'order_key in ({keys})',
            'int_order_costs': 'order_key in ({keys})', 'int_orders__refunded': 'order_key in ({keys})',
            'int_orders__doubled': 'order_key in ({keys})', 'int_orders__told_again': 'order_key in ({keys})',
            'int_record_customers': 'record_id in (select ' ~ hash60('record_key') ~ ' from ' ~ news_part('int_orders__unioned') ~ ')',
            'int_identity_proxies': 'record_key in (select record_key from ' ~ news_part('int_orders__unioned') ~ ')',
        },
        'looks_up': ['int_rulings'],
    }) }}
{% endmacro %}

{% macro news_rule__int_order_lines() %}
    {%- set lines = 'intermediate.int_order_lines__unioned' -%}
    {%- set sharing = 'select order_key from ' ~ lines ~ ' where line_key in (select line_key from news.int_order_lines__unioned)' -%}
    {%- set told = 'select line_key from ' ~ lines ~ ' where ' -%}
    {{ return({
        'kind': 'keyed', 'key': 'order_key',
        'affected': [
            'select order_key from news.int_orders', standing_orders('int_order_lines__unioned'), changed_twins(), sharing,
            'select kept_order_key from intermediate.int_orders__doubled where order_key in (' ~ sharing ~ ')',
        ],
        'reads': {
            'int_orders': 'order_key in ({keys})',
            'int_order_lines__unioned': ['line_key in (' ~ told ~ of_standing_orders() | join(' union all ' ~ told) ~ ')'],
            'int_orders__doubled': 'order_key in (select order_key from ' ~ news_part('int_order_lines__unioned') ~ ')',
        },
    }) }}
{% endmacro %}

{% macro news_rule__int_refunds() %}
    {{ return({
        'kind': 'keyed', 'key': "coalesce(order_key, '')",
        'affected': ["select coalesce(order_key, '') from news.int_refunds__told", 'select order_key from news.int_orders'],
        'reads': {'int_refunds__told': "coalesce(order_key, '') in ({keys})", 'int_orders': 'order_key in ({keys})'},
    }) }}
{% endmacro %}
