{# Reports that tell one spend at several levels (account, plan, creative, keyword). Belongs here: which level adds up. #}

{# True on rows of the level that counts for their account and day: the first of `reports` that was delivered for it.
   Begin the list with levels that hold all of the money, splits whose parts overlap come last. #}
{% macro is_leading_level(reports) -%}
{%- set place -%}
case report{% for name in reports %} when '{{ name }}' then {{ loop.index }}{% endfor %} else {{ reports | length + 1 }} end
{%- endset -%}
{{ place }} = min({{ place }}) over (partition by account, stat_on)
{%- endmacro %}
