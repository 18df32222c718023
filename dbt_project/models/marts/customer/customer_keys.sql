-- Which keys a customer is known by. Order and payment numbers are bridges, not keys of a person, and blocked keys stand in identity_review.
select
    cast(customers.customer_id as string) as customer_id,
    cast(nodes.key_type as string) as key_type,
    cast(nodes.key_scope as string) as key_scope,
    cast(nodes.key_token as string) as key_token,
    cast(coalesce(trusts.trust, 'unknown') as string) as trust,
    cast(nodes.first_seen_at as timestamp) as first_seen_at,
    cast(nodes.last_seen_at as timestamp) as last_seen_at,
    cast(nodes.valid_from as timestamp) as valid_from,
    cast(nodes.valid_to as timestamp) as valid_to,
    cast(nodes.records as bigint) as records,
    cast(coalesce(rulings.verdicts, '') as string) as ruling
from {{ ref('int_identity_nodes') }} as nodes
inner join {{ ref('int_identity_persons') }} as components on nodes.node_id = components.node_id
inner join {{ ref('int_customers') }} as customers on components.component = customers.component
left join {{ ref('identity_trusts') }} as trusts on nodes.trust_rank = trusts.rank
left join (
    select key_type, key_scope, key_token, {{ array_to_string(collect_sorted('verdict')) }} as verdicts
    from {{ ref('int_identity_rulings') }}
    group by 1, 2, 3
) as rulings
    on nodes.key_type = rulings.key_type and nodes.key_scope = rulings.key_scope and nodes.key_token = rulings.key_token
where not nodes.is_bridge
