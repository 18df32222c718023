-- The steps that led to each order, in order. A person's touches serve every order of the conversion; the traffic fields
-- of an order row serve that order alone, whoever bought.
{% set dedupe = var('path_dedupe') %}
{% if dedupe not in ['none', 'adjacent', 'first_per_day'] %}
    {{ exceptions.raise_compiler_error("path_dedupe must be none, adjacent or first_per_day, not '" ~ dedupe ~ "'") }}
{% endif %}
with conversions as (

    select
        order_key,
        conversion_key,
        customer_id,
        ordered_at,
        converted_at
    from {{ ref('int_conversions') }}

),

from_person as (

    select
        conversions.order_key, conversions.conversion_key, conversions.customer_id,
        touches.touch_key, touches.touched_at, touches.channel, touches.domain, touches.campaign, touches.content,
        touches.touch_type, touches.evidence,
        {{ seconds_between('touches.touched_at', 'conversions.converted_at') }} as seconds_before
    from {{ ref('int_touches__assigned') }} as touches
    {% if var('cycle_cut') -%}
    inner join conversions on touches.conversion_key = conversions.conversion_key
    {%- else -%}
    inner join conversions
        on touches.customer_id = conversions.customer_id
        and conversions.converted_at between touches.touched_at and touches.expires_at
    where not touches.is_balance_reminder
        and not {{ is_buying_session('touches.touch_type', 'touches.campaign', 'touches.touched_at', 'conversions.ordered_at', 'conversions.converted_at') }}
    {%- endif %}

),

from_order as (

    select
        conversions.order_key, conversions.conversion_key, conversions.customer_id,
        touches.touch_key, coalesce(touches.touched_at, conversions.converted_at) as touched_at,
        coalesce(touches.channel, 'unknown') as channel, touches.domain, touches.campaign, touches.content, touches.touch_type, touches.evidence,
        -- a platform may date its traffic field after the payment: it still led to this order
        greatest({{ seconds_between('touches.touched_at', 'conversions.converted_at') }}, 0) as seconds_before
    from {{ ref('int_touches') }} as touches
    inner join conversions on touches.order_key = conversions.order_key
    where touches.is_eligible

),

steps as (

    select * from from_person
    union all
    select * from from_order

),

marked as (

    select
        steps.*,
        {% if dedupe == 'adjacent' -%}
        case when channel = lag(channel) over (partition by order_key order by touched_at, touch_key) then 2 else 1 end
        {%- elif dedupe == 'first_per_day' -%}
        row_number() over (partition by order_key, channel, cast(touched_at as date) order by touched_at, touch_key)
        {%- else -%}
        1
        {%- endif %} as repeat_number
    from steps

)

select
    marked.order_key,
    marked.conversion_key,
    marked.customer_id,
    cast(row_number() over (partition by marked.order_key order by marked.touched_at, marked.touch_key) as bigint) as step,
    cast(count(*) over (partition by marked.order_key) as bigint) as steps,
    marked.touch_key,
    marked.touched_at,
    marked.channel,
    marked.domain,
    channels.kind as channel_kind,
    marked.campaign,
    marked.content,
    marked.touch_type,
    marked.evidence,
    cast(coalesce(marked.seconds_before, 0) as bigint) as seconds_before
from marked
left join {{ ref('channels') }} as channels on marked.channel = channels.channel
where marked.repeat_number = 1
