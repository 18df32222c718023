{# Any text as one SQL literal on one line. Apostrophes become the typographic one: engines disagree on how to escape the plain one. #}
{% macro text_literal(text) -%}
{%- if text is none or text is undefined or text == '' -%}null{%- else -%}'{{ text | string | replace("'", '’') | replace('\\', '/') | replace('\n', ' ') | trim }}'{%- endif -%}
{%- endmacro %}
