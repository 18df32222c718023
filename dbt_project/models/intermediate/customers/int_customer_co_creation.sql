-- What each person did for the brand beyond paying: talked with it in a private channel, and said something others can read.
with deeds as (

    select customer_id, 1 as interacted, 0 as created
    from {{ ref('int_interactions') }}
    where customer_id is not null
    union all
    select customer_id, 0, 1
    from {{ ref('int_service') }}
    where customer_id is not null and service_kind = 'review'
    union all
    select customer_id, 0, 1
    from {{ ref('int_touches') }}
    where customer_id is not null and touch_type in ({{ quoted_list(var('content_touch_types')) }})

)

select
    customer_id,
    max(interacted) = 1 as has_interacted,
    max(created) = 1 as has_created
from deeds
group by customer_id
