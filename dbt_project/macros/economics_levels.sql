{# The levels of channel economics: every channel, `all:<domain>` (public 公域, partner 他域, private 私域, none where no channel is known)
   and `all`. Belongs here: what a row of a channel counts towards. Does not: what is summed. #}

{# A FROM item: each row of `relation` (columns channel and `columns`; `home`, where given, is a domain for rows without a channel of their
   own) three times, under its channel, its domain and all. #}
{% macro at_every_level(relation, columns, home='cast(null as string)') -%}
{%- set listed = columns | join(', ') -%}
(
    select channel, {{ listed }} from {{ relation }}
    union all
    select 'all:' || coalesce(domains.domain, given.home, 'none'), {{ listed }}
    from (select channel as of_channel, {{ home }} as home, {{ listed }} from {{ relation }}) as given
    left join (select channel as known_channel, domain from {{ ref('channels') }}) as domains on given.of_channel = domains.known_channel
    union all
    select 'all', {{ listed }} from {{ relation }}
)
{%- endmacro %}
