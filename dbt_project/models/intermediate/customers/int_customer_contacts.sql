-- Where each customer stands in the pond: which private channels hold them, since when, and which reach them.
select
    customer_id,
    min(case when domain = 'private' then opened_at end) as joined_private_at,
    bool_or(domain = 'private' and closed_at is null) as is_in_private_domain,
    cast(count(distinct case when domain = 'private' and closed_at is null then channel end) as bigint) as private_channels,
    bool_or(is_reachable) as is_reachable,
    bool_or(is_reachable_paid) as is_reachable_paid,
    {{ array_to_string(collect_sorted('case when is_reachable then channel end')) }} as reachable_channels,
    bool_or(holder_type = 'agent') as is_held_by_agent
from {{ ref('int_contacts') }}
where customer_id is not null
group by customer_id
