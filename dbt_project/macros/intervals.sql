{# Intervals of shares, 95 %. Belongs here: formulas of intervals. Does not: what is counted. #}

{# One end of Wilson's score interval of `hits` of `trials` (Wilson 1927): stays within 0 and 1, and is honest for few trials.
   `side` is low or high; NULL without trials. #}
{% macro wilson(hits, trials, side) -%}
{%- set n = 'nullif(cast(' ~ trials ~ ' as double), 0)' -%}
{%- set p = '(cast(' ~ hits ~ ' as double) / ' ~ n ~ ')' -%}
round(least(greatest(
    ({{ p }} + 1.9208 / {{ n }} {{ '-' if side == 'low' else '+' }} 1.96 * sqrt({{ p }} * (1 - {{ p }}) / {{ n }} + 0.9604 / ({{ n }} * {{ n }})))
    / (1 + 3.8416 / {{ n }}), 0), 1), 8)
{%- endmacro %}

{# One end of the interval of a difference of two shares, p1 − p2, from their Wilson intervals (Newcombe 1998, method 10). #}
{% macro newcombe(hits, trials, other_hits, other_trials, side) -%}
{%- set p1 = '(cast(' ~ hits ~ ' as double) / nullif(cast(' ~ trials ~ ' as double), 0))' -%}
{%- set p2 = '(cast(' ~ other_hits ~ ' as double) / nullif(cast(' ~ other_trials ~ ' as double), 0))' -%}
{%- set near1 = wilson(hits, trials, side) -%}
{%- set far2 = wilson(other_hits, other_trials, 'high' if side == 'low' else 'low') -%}
round({{ p1 }} - {{ p2 }} {{ '-' if side == 'low' else '+' }} sqrt(
    ({{ p1 }} - {{ near1 }}) * ({{ p1 }} - {{ near1 }}) + ({{ p2 }} - {{ far2 }}) * ({{ p2 }} - {{ far2 }})), 8)
{%- endmacro %}
