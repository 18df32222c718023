-- The golden record 黄金记录: of everything that sources say of a customer's attributes, what survives. The most trusted source that says anything
-- (order of var golden_record), then the newest statement; of the first channel the oldest. Each value names the export it was read from.
with claims as (

    select
        customer_id, 'place' as attribute, province as claimed, city as detail, 'order' as basis,
        split_part(record_key, '|', 1) as source, ordered_at as stated_at, order_key as tie_break
    from {{ ref('int_orders') }}
    where province is not null
    union all
    {%- for attribute, claimed in {'place': 'province', 'member_level': 'level', 'birth_month': 'birth_month', 'consent_sms': 'consent_sms'}.items() %}
    select
        customer_id, '{{ attribute }}', cast({{ claimed }} as string), {{ 'city' if attribute == 'place' else 'null' }}, 'member',
        split_part(record_key, '|', 1), exported_at, record_key
    from {{ ref('int_members') }}
    where {{ claimed }} is not null
    union all
    {%- endfor %}
    -- a statement of its own: what the member file repeats of it may be old
    select customer_id, 'consent_sms', consent, null, 'statement', split_part(record_key, '|', 1), coalesce(closed_at, opened_at), contact_key
    from {{ ref('int_contacts') }}
    where channel = 'sms' and consent is not null
    union all
    select customer_id, 'first_channel', channel, null, 'touch', 'touch:' || touch_type, touched_at, touch_key
    from {{ ref('int_touches') }}
    where is_eligible
    union all
    select customer_id, 'first_channel', channel, null, 'contact', split_part(record_key, '|', 1), opened_at, contact_key
    from {{ ref('int_contacts') }}
    where opened_at is not null

),

trusted as (

    select
        claims.*,
        case attribute || ':' || basis
            {%- for attribute, bases in var('golden_record').items() %}
            {%- for basis in bases %} when '{{ attribute }}:{{ basis }}' then {{ loop.index }}{% endfor %}
            {%- endfor %}
        end as trust_place
    from claims
    where customer_id is not null

),

ranked as (

    select
        trusted.*,
        row_number() over (
            partition by customer_id, attribute
            order by
                case when attribute = 'first_channel' then 0 else trust_place end,
                case when attribute = 'first_channel' then stated_at end nulls last,
                stated_at desc nulls last, trust_place, source, tie_break
        ) as place
    from trusted
    where trust_place is not null

)

select
    customer_id,
    max(case when attribute = 'place' then claimed end) as province,
    max(case when attribute = 'place' then detail end) as city,
    max(case when attribute = 'place' then source end) as place_source,
    max(case when attribute = 'member_level' then claimed end) as member_level,
    max(case when attribute = 'member_level' then source end) as member_level_source,
    cast(max(case when attribute = 'birth_month' then claimed end) as bigint) as birth_month,
    max(case when attribute = 'birth_month' then source end) as birth_month_source,
    max(case when attribute = 'consent_sms' then claimed end) as consent_sms,
    max(case when attribute = 'consent_sms' then source end) as consent_sms_source,
    max(case when attribute = 'first_channel' then claimed end) as first_channel,
    max(case when attribute = 'first_channel' then source end) as first_channel_source
from ranked
where place = 1
group by customer_id
