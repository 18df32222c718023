-- Contact intervals: from when to when a person could be reached by a channel's account or staff member. A close ends an interval and the
-- next open begins another; a hand-over to a colleague is no end, and whoever vanishes from the list after one was handed over.
with listed as (

    select
        contacts.*,
        min(opened_at) over (partition by contact_key order by list_number range between 1 following and unbounded following) as listed_again_from
    from (
        select unioned.*, dense_rank() over (partition by contact_key order by exported_at) as list_number
        from {{ ref('int_contacts__unioned') }} as unioned
    ) as contacts

),

points as (

    -- lists: every opening ever listed, and what a complete later list no longer holds
    select
        contact_key, record_key, channel, account, staff_id, holder_type, 'open' as point, opened_at as happened_at,
        cast(null as string) as close_reason, add_way, source_code, consent, exported_at
    from listed
    where opened_at is not null
    union all
    select
        contact_key, record_key, channel, account, staff_id, holder_type, 'close', closed_at, coalesce(close_reason, 'absent'),
        null, null, null, exported_at
    from listed
    -- who is listed again with an opening from before the absence never left: the list between had a hole
    where closed_at is not null and (coalesce(close_reason, 'absent') <> 'absent' or listed_again_from is null or listed_again_from >= closed_at)
    union all
    -- events
    select
        contact_key, record_key, channel, account, staff_id, cast(null as string),
        case event when 'opened' then 'open' when 'transferred' then 'transfer' else 'close' end, happened_at,
        case when event <> 'opened' then event end, null, source_code, null, happened_at
    from {{ ref('int_contact_events__unioned') }}
    where event in ('opened', 'closed_by_customer', 'closed_by_staff', 'transferred')

),

counted as (

    select
        points.*,
        -- a close at the same second as an open belongs to the interval before it
        coalesce(sum(case when point = 'close' then 1 else 0 end) over (
            partition by contact_key order by happened_at, case when point = 'close' then 1 else 2 end, record_key, exported_at
            rows between unbounded preceding and 1 preceding
        ), 0) as closes_before
    from points

),

intervals as (

    select
        contact_key,
        closes_before,
        min(record_key) as record_key,
        max(channel) as channel,
        max(account) as account,
        max(staff_id) as staff_id,
        max(holder_type) as holder_type,
        min(case when point = 'open' then happened_at end) as opened_at,
        max(case when point = 'close' then happened_at end) as closed_at,
        max(case when point = 'close' then close_reason end) as close_reason,
        max(case when point = 'transfer' then happened_at end) as transferred_at,
        max(add_way) as add_way,
        max(source_code) as source_code
    from counted
    group by contact_key, closes_before

),

newest_consent as (

    select contact_key, consent, row_number() over (partition by contact_key order by exported_at desc, consent) as place
    from {{ ref('int_contacts__unioned') }}
    where consent is not null

),

described as (

    select
        intervals.*,
        max(intervals.holder_type) over (partition by intervals.contact_key) as known_holder_type,
        case intervals.channel
            when 'wecom_friend' then 'wecom/add_way' when 'oa' then 'wechat_oa/subscribe_scene' when 'mini_program' then 'wechat_miniprogram/scene'
        end as enumeration,
        newest_consent.consent
    from intervals
    left join newest_consent on intervals.contact_key = newest_consent.contact_key and newest_consent.place = 1
    -- a second close without an opening between closes nothing
    where intervals.opened_at is not null or intervals.closes_before = 0

)

select
    -- the staging keys hold identity tokens, which stay out of keys that are published
    'k' || substr(md5(described.contact_key || '#' || cast(described.closes_before as string)), 1, 20) as contact_key,
    'r' || substr(md5(described.contact_key), 1, 20) as relation_key,
    described.record_key,
    customers.customer_id,
    described.channel,
    channels.domain,
    described.account,
    described.staff_id,
    coalesce(described.known_holder_type, 'staff') as holder_type,
    described.opened_at,
    described.closed_at,
    case
        when described.close_reason = 'absent' and described.transferred_at <= described.closed_at then 'transferred'
        else described.close_reason
    end as close_reason,
    described.closed_at is not null
        and not (described.close_reason = 'absent' and coalesce(described.transferred_at <= described.closed_at, false)) as is_lost,
    described.transferred_at,
    case when described.add_way is not null and described.enumeration is not null and ways.code is null then 'unknown:' || described.add_way
        else described.add_way end as add_way,
    coalesce(ways.meaning = 'reassigned', false) as is_reassigned,
    described.source_code,
    described.consent,
    described.closed_at is null and coalesce(channels.is_free_reach, false)
        and coalesce(described.known_holder_type, 'staff') in ('brand', 'staff') and coalesce(described.consent, 'yes') <> 'no' as is_reachable,
    described.closed_at is null and channels.channel in ('sms', 'email') and coalesce(described.consent, 'yes') <> 'no' as is_reachable_paid
from described
left join {{ ref('int_record_customers') }} as customers on described.record_key = customers.record_key
left join {{ ref('channels') }} as channels on described.channel = channels.channel
left join {{ ref('enumerations') }} as ways on ways.source || '/' || ways.field = described.enumeration and ways.code = described.add_way
