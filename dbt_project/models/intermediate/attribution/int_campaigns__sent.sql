-- The campaigns that were sent to people, or kept from some on purpose: other touches under a campaign's name do not make one.
select distinct channel, campaign
from {{ ref('int_touches') }}
where
    channel is not null and campaign is not null and touched_at is not null and order_key is null
    and touch_type in ('sent', 'delivered', 'moment_visible', 'failed', 'held_out')
