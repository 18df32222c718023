{# Two relations add up to the same, per value of `by` (a column list of both; none: in total), to the cent.
   `expression` sums over the model, `other_expression` over `other`; what exists on one side only fails. #}
{% test equal_sums(model, expression, other, other_expression, by=[], where_true='1 = 1', other_where_true='1 = 1') %}
{%- set keys = by or ["'all'"] %}
with ours as (
    select {% for key in keys %}cast({{ key }} as string) as key_{{ loop.index }}, {% endfor %}sum({{ expression }}) as amount
    from {{ model }} where {{ where_true }}
    group by {% for key in keys %}{{ loop.index }}{{ ', ' if not loop.last }}{% endfor %}
),

theirs as (
    select {% for key in keys %}cast({{ key }} as string) as key_{{ loop.index }}, {% endfor %}sum({{ other_expression }}) as amount
    from {{ other }} where {{ other_where_true }}
    group by {% for key in keys %}{{ loop.index }}{{ ', ' if not loop.last }}{% endfor %}
)

select
    {% for key in keys %}coalesce(ours.key_{{ loop.index }}, theirs.key_{{ loop.index }}) as key_{{ loop.index }}, {% endfor %}
    ours.amount as our_amount,
    theirs.amount as their_amount
from ours
full outer join theirs on {% for key in keys %}coalesce(ours.key_{{ loop.index }}, '') = coalesce(theirs.key_{{ loop.index }}, ''){{ ' and ' if not loop.last }}{% endfor %}
where coalesce(ours.amount, 0) <> coalesce(theirs.amount, 0)
{% endtest %}
