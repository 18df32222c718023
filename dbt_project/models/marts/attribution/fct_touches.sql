-- Everything that reached or came from a customer, whether it can earn credit or not.
select
    -- ids
    touch_key,
    customer_id,
    order_key,
    -- when and where
    touched_at,
    channel,
    domain,
    campaign,
    content,
    -- what it was
    touch_type,
    evidence,
    is_eligible,
    cost_cny
from {{ ref('int_touches') }}
