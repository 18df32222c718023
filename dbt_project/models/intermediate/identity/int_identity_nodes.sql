-- One row per admitted key and window: its number, and when and how well it was seen. Two keys of one number would merge two people: a test forbids it.
-- A person's ruling dates nothing. A record tells a usable key once by each trust, so records need telling apart only where a key has several trusts.
with grouped as (

    select
        node_id,
        key_type,
        key_scope,
        key_token,
        key_window,
        bool_or(is_bridge) as is_bridge,
        bool_or(is_one_per_person) as is_one_per_person,
        bool_or(is_ruled) as is_ruled,
        coalesce(min(trust_rank) filter (where not is_ruled), min(trust_rank)) as trust_rank,
        coalesce(min(first_seen_at) filter (where not is_ruled), min(first_seen_at)) as first_seen_at,
        coalesce(max(last_seen_at) filter (where not is_ruled), max(last_seen_at)) as last_seen_at,
        coalesce(min(valid_from) filter (where not is_ruled), min(valid_from)) as valid_from,
        case when bool_or(valid_to is null and not is_ruled) then null else max(valid_to) end as valid_to,
        count(*) as uses
    from {{ ref('int_identity_evidence') }}
    group by node_id, key_type, key_scope, key_token, key_window

),

of_several_trusts as (

    select evidence.node_id, count(distinct evidence.record_key) as records
    from {{ ref('int_identity_evidence') }} as evidence
    inner join (
        select node_id
        from {{ ref('int_identity_evidence') }}
        group by node_id
        {% if var('identity_usable_classes') | length == 1 %}having min(trust) <> max(trust){% endif %}
    ) as several on evidence.node_id = several.node_id
    group by evidence.node_id

)

select
    grouped.node_id, grouped.key_type, grouped.key_scope, grouped.key_token, grouped.key_window,
    grouped.is_bridge, grouped.is_one_per_person, grouped.is_ruled, grouped.trust_rank,
    grouped.first_seen_at, grouped.last_seen_at, grouped.valid_from, grouped.valid_to,
    cast(coalesce(of_several_trusts.records, grouped.uses) as bigint) as records
from grouped
left join of_several_trusts on grouped.node_id = of_several_trusts.node_id
