-- Every touch: what persons did (relations opened, clicks, visits), and what order rows say of their own traffic.
-- Only kinds that the seed touch_types calls eligible may earn credit.
with opened as (

    select
        'contact:' || contacts.contact_key as touch_key,
        contacts.customer_id,
        contacts.opened_at as touched_at,
        coalesce(coded.verdict, contacts.channel) as channel,
        coalesce(coded.detail, contacts.source_code) as campaign,
        contacts.staff_id as content,
        case
            when contacts.is_reassigned then 'reassigned'
            when ways.meaning in ('staff', 'system') then 'staff_add'
            when contacts.channel = 'member' then 'register'
            when contacts.channel in ('sms', 'email') then 'consent'  -- leave to send is no touch: what is sent may be
            when contacts.channel in ('wecom_group', 'wechat_group') then 'join'
            when contacts.channel in ('wecom_friend', 'personal_friend') then 'add'
            -- a mini program is opened, not followed: the first time is a visit like the others, or a click on the code that led there
            when contacts.channel = 'mini_program' then case when contacts.source_code is null then 'visit' else 'click' end
            else 'follow'
        end as touch_type,
        case when coded.verdict is not null then 'code' else 'person' end as evidence
    from {{ ref('int_contacts') }} as contacts
    left join {{ ref('int_contacts__coded') }} as coded on contacts.contact_key = coded.contact_key
    left join {{ ref('enumerations') }} as ways on ways.source = 'wecom' and ways.field = 'add_way' and ways.code = contacts.add_way
    where contacts.opened_at is not null

),

done as (

    select
        touches.touch_key, coalesce(customers.customer_id, orders.customer_id) as customer_id,
        coalesce(doubled.kept_order_key, touches.order_key) as order_key, touches.touched_at,
        coalesce(codes.verdict, touches.channel) as channel, coalesce(codes.detail, touches.campaign) as campaign, touches.content,
        case when codes.verdict is not null then 'click' else touches.touch_type end as touch_type,
        case when codes.verdict is not null then 'code' else touches.evidence end as evidence,
        touches.cost_cny,
        row_number() over (
            partition by touches.touch_key order by touches.touched_at, touches.record_key, codes.valid_from desc nulls last, codes.ruling_key
        ) as place
    from {{ ref('int_touches__unioned') }} as touches
    left join {{ ref('int_record_customers') }} as customers on touches.record_key = customers.record_key
    left join {{ ref('int_orders__doubled') }} as doubled on touches.order_key = doubled.order_key
    left join {{ ref('int_orders') }} as orders on coalesce(doubled.kept_order_key, touches.order_key) = orders.order_key
    -- a visit that names a channel code is a click on it: what the code stood for on that day brought the visitor
    left join {{ ref('int_rulings') }} as codes
        on touches.touch_type = 'visit' and codes.ruling_kind = 'channel_code' and touches.campaign = codes.subject
        and (codes.valid_from is null or codes.valid_from <= cast(touches.touched_at as date))
        and (codes.valid_to is null or codes.valid_to >= cast(touches.touched_at as date))

),

of_orders as (

    select
        'order:' || order_key as touch_key, customer_id, order_key,
        least(ordered_at, coalesce(converted_at, ordered_at)) as touched_at,
        traffic_channel as channel, traffic_campaign as campaign, coalesce(traffic_creator, traffic_content) as content,
        coalesce(traffic_type, 'order_field') as touch_type
    from {{ ref('int_orders') }}
    where traffic_channel is not null

),

everything as (

    -- the keys of records hold identity tokens, which stay out of keys that are published
    select
        't' || substr(md5(touch_key), 1, 20) as touch_key, customer_id, order_key, touched_at, channel, campaign, content, touch_type, evidence,
        cost_cny
    from done
    where place = 1
    union all
    select touch_key, customer_id, null, touched_at, channel, campaign, content, touch_type, evidence, null from opened
    union all
    select touch_key, customer_id, order_key, touched_at, channel, campaign, content, touch_type, 'order_field', null from of_orders

)

select
    cast(everything.touch_key as string) as touch_key,
    cast(everything.customer_id as string) as customer_id,
    cast(everything.order_key as string) as order_key,
    cast(everything.touched_at as timestamp) as touched_at,
    cast(everything.channel as string) as channel,
    cast(channels.domain as string) as domain,
    cast(everything.campaign as string) as campaign,
    cast(everything.content as string) as content,
    cast(everything.touch_type as string) as touch_type,
    cast(everything.evidence as string) as evidence,
    coalesce(types.is_eligible, false) as is_eligible,
    cast(everything.cost_cny as decimal(18,2)) as cost_cny
from everything
left join {{ ref('channels') }} as channels on everything.channel = channels.channel
left join {{ ref('touch_types') }} as types on everything.touch_type = types.touch_type
