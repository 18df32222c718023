{# Words that order staging models of several platforms share. Belongs here: rules that speak of one row of an order file. #}

{# True where the platform's status alone proves that the order was paid. #}
{% macro is_paid_status(status) %}({{ status }} in ('paid_unshipped', 'shipped', 'completed')){% endmacro %}

{# What amount and title say of an order that nobody tagged; NULL where they say nothing. `paid` is the amount at payment. #}
{% macro class_hint(is_paid, paid, title) -%}
case
    {%- for order_class, pattern in var('order_class_titles').items() %}
    when {{ regexp_like(title, pattern) }} then '{{ order_class }}'
    {%- endfor %}
    when {{ is_paid }} and {{ paid }} = 0 then 'gift'
    when {{ is_paid }} and {{ paid }} <= 0.01 then 'test'
end
{%- endmacro %}

{# The first match of a pattern's first group, NULL where there is none (both engines answer an empty text). #}
{% macro first_match(text, pattern) %}nullif(regexp_extract({{ text }}, '{{ pattern }}', 1), ''){% endmacro %}

{# The class of an order, first match: a ruling, then what a memo tag says outright, then hints, else a sale to a consumer.
   Tags that also describe a sale ("送小样", "换货已补发") count only on orders up to var small_order_cny. #}
{% macro order_class(ruling, tags, paid, hint) -%}
case
    when {{ ruling }} is not null then {{ ruling }}
    {%- for name in ['brushing', 'test', 'staff', 'seeding', 'agent', 'distributor', 'guide_proxy', 'topup', 'deposit_forfeit', 'exchange',
                     'price_diff', 'gift', 'trial'] %}
    when {{ has_tag(tags, name) }}
        {%- if name in var('small_order_classes') %} and {{ paid }} <= {{ var('small_order_cny') }}{% endif %} then '{{ name }}'
    {%- endfor %}
    else coalesce({{ hint }}, 'consumer_sale')
end
{%- endmacro %}

{# A FROM item: platform and the domain its contract gives it. #}
{% macro platform_domains() -%}
({%- set seen = {} -%}{%- for entry in registry() -%}{%- do seen.update({entry.platform: entry.domain}) -%}{%- endfor -%}
{%- for platform, domain in seen.items() %}select '{{ platform }}' as platform, '{{ 'private' if domain == 'own' else domain }}' as domain
{{- ' union all ' if not loop.last }}{% endfor %})
{%- endmacro %}

{# A FROM item: per platform and account, up to which moment a delivered file speaks of the relation; a platform without a file has no row. #}
{% macro delivered_until(relation) -%}
(
    select source as platform, account, max(exported_at) as delivered_until
    from {{ source('lake', 'deliveries') }}
    where status in ('loaded', 'duplicate', 'stale_contract') and (
        {%- for entry in registry() if relation in entry.feeds %}
        {{ 'or ' if not loop.first }}(source = '{{ entry.platform }}' and export = '{{ entry.export }}')
        {%- else %} 1 = 0 {%- endfor %}
    )
    group by source, account
)
{%- endmacro %}
