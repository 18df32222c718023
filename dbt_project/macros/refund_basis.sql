{# What the merchant loses when the buyer gets `refunded` back: a platform's subsidy goes back in the same proportion, so a whole refund of
   what was paid takes the whole receivable (refunds stand on the same basis). What is refunded beyond `buyer_paid` is freight that the
   amount does not hold: no subsidy goes back with it. Without both amounts the refund stands as said. #}
{% macro on_receivable_basis(refunded, buyer_paid, receivable) -%}
case
    when {{ buyer_paid }} > 0 and {{ receivable }} > 0
        then {{ refunded }} + cast(round(
            cast(least({{ refunded }}, {{ buyer_paid }}) * ({{ receivable }} - {{ buyer_paid }}) as double) / {{ buyer_paid }}, 2
        ) as decimal(18,2))
    else {{ refunded }}
end
{%- endmacro %}
