{# Sets of private channels as one whole number. Belongs here: how a set is written. Does not: who is reached (int_pool_months). #}

{# A FROM item: channel, code; a power of two for each private channel, so that the codes of a set add up to a number of its own. #}
{% macro pool_channel_codes() -%}
(
    select channel, cast(power(2, row_number() over (order by channel) - 1) as bigint) as code
    from {{ ref('channels') }}
    where domain = 'private'
)
{%- endmacro %}
