{# Any text as one SQL literal on one line. Apostrophes become the typographic one: engines disagree on how to escape the plain one. #}
{% macro text_literal(text) -%}
{%- if text is none or text is undefined or text == '' -%}null{%- else -%}'{{ text | string | replace("'", '’') | replace('\\', '/') | replace('\n', ' ') | trim }}'{%- endif -%}
{%- endmacro %}

{# A relation of texts, row by row in the order of `names`: one list of values, which both engines plan in no time. #}
{% macro text_rows(rows, names) -%}
{%- if rows -%}
(values
    {%- for row in rows %}
    ({% for value in row %}{{ text_literal(value) }}{{ ', ' if not loop.last }}{% endfor %}){{ ',' if not loop.last }}
    {%- endfor %}
) as said ({{ names | join(', ') }})
{%- else -%}
(select {% for name in names %}cast(null as string) as {{ name }}{{ ', ' if not loop.last }}{% endfor %}) as said where 1 = 0
{%- endif -%}
{%- endmacro %}
