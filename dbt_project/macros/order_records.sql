{# Which of an order's records counts, where several systems or exports tell it: the one in place 1, the newest told. In every model that
   asks, the same. #}
{% macro place_among_records() -%}
row_number() over (partition by order_key order by exported_at desc, updated_at desc nulls last, record_key)
{%- endmacro %}
