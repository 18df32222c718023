{# The exports of costs that come once a month, as SQL literals 'platform/export': what they date by the first of a month is the month's. #}
{% macro monthly_cost_exports() -%}
{%- set found = [] -%}
{%- for entry in registry() if entry.cadence == 'monthly' and ('spend' in entry.feeds or 'channel_costs' in entry.feeds) -%}
    {%- do found.append(entry.platform ~ '/' ~ entry.export) -%}
{%- endfor -%}
{{ quoted_list(found or ['none']) }}
{%- endmacro %}
