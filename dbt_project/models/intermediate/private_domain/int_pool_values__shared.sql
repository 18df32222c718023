-- How sure the value of each channel is, and what the next 90 days bring, in cents. The value of each reachable person is shared out among
-- the channels that reach them: evenly, to the cent, the odd cents to the channels first in the alphabet. So the channels add up to the pond.
{{ config(materialized='ephemeral') }}
with alike as (

    select month, kind, reach, count(*) as persons
    from {{ ref('int_pool_values__placed') }}
    group by 1, 2, 3

),

places as (

    select reach, channel, place, channels from {{ ref('int_pool_reaches') }}
    union all
    select distinct reach, 'all', 1, 1 from {{ ref('int_pool_reaches') }}

),

reaching as (

    select
        alike.month, places.channel, alike.persons, places.place, places.channels,
        {% for name, horizon, measure in [('low', 365, 'low'), ('high', 365, 'high'), ('next_90d', 90, 'value'), ('next_90d_low', 90, 'low'), ('next_90d_high', 90, 'high')] %}
        worth_{{ horizon }}.{{ measure }}_cents as {{ name }}_cents{{ ',' if not loop.last }}
        {% endfor %}
    from alike
    inner join places on alike.reach = places.reach
    {% for horizon in [90, 365] %}
    left join (select * from {{ ref('int_pool_values') }} where horizon_days = {{ horizon }} and is_known) as worth_{{ horizon }}
        on alike.month = worth_{{ horizon }}.month and alike.kind = worth_{{ horizon }}.kind
    {% endfor %}

)

select
    month,
    channel,
    {% for name in ['low', 'high', 'next_90d', 'next_90d_low', 'next_90d_high'] %}
    cast(sum(persons * {{ even_share(name ~ '_cents', 'channels', 'place') }}) as bigint) as {{ name }}_cents,
    {% endfor %}
    cast(sum(persons) as bigint) as reachable_contacts
from reaching
group by 1, 2
