{# What the contracts say of their exports (`orchestration/lake/registry.py`): all of them, sorted by platform and name. #}
{% macro registry() %}
{%- set entries = [] -%}
{%- for text in registry_texts().values() -%}{%- do entries.append(fromjson(text)) -%}{%- endfor -%}
{{ return(entries) }}
{% endmacro %}

{# The entry of one export; an unknown export is a compile error. #}
{% macro registered(platform, export) %}
{%- set text = registry_texts().get(platform ~ '/' ~ export) -%}
{%- if not text -%}{{ exceptions.raise_compiler_error("no contract in orchestration/sources says " ~ platform ~ "/" ~ export) }}{%- endif -%}
{{ return(fromjson(text)) }}
{% endmacro %}
