{# An identity that holds in every row; a row where it cannot be decided (NULL) fails too. `where_true` narrows the rows. #}
{% test expression_is_true(model, expression, where_true='1 = 1') %}
select *
from {{ model }}
where ({{ where_true }}) and not coalesce({{ expression }}, false)
{% endtest %}
