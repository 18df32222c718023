-- What the identity rules refused or want looked at. Values that are merely unreadable (masked, ciphertext…) are counted per kind of key;
-- what a person can act on (a blocked value, a shop's phone, a link that would join two members) stands alone.
with refused as (

    select
        case when rule = 'class' then 'class:' || {{ regexp_replace('reason', '^the value is ', '') }} else rule end as rule,
        key_type,
        key_scope,
        case when rule = 'class' and reason not in ('the value is blocked', 'the value is placeholder') then '' else key_token end as key_token,
        coalesce(other_key_token, '') as other_key_token,
        reason,
        records
    from {{ ref('int_identity_guards') }}

),

cut as (

    -- links between keys that ended up with different people
    select
        case when links.family_a is null then links.node_a else links.node_b end as node_id,
        case when links.family_a is null then links.node_b else links.node_a end as other_node_id,
        links.records
    from {{ ref('int_identity_links') }} as links
    inner join {{ ref('int_identity_persons') }} as a on links.node_a = a.node_id
    inner join {{ ref('int_identity_persons') }} as b on links.node_b = b.node_id
    where a.component <> b.component

),

conflicting as (

    select
        'cannot_link' as rule, nodes.key_type, nodes.key_scope, nodes.key_token, others.key_token as other_key_token,
        'would give one person two keys of a kind that one person holds once' as reason, cut.records
    from cut
    inner join {{ ref('int_identity_nodes') }} as nodes on cut.node_id = nodes.node_id
    inner join {{ ref('int_identity_nodes') }} as others on cut.other_node_id = others.node_id

),

final as (

    select rule, key_type, key_scope, key_token, other_key_token, reason, 'refused' as action, sum(records) as records
    from refused
    group by 1, 2, 3, 4, 5, 6
    union all
    select rule, key_type, key_scope, key_token, other_key_token, reason, 'refused', sum(records)
    from conflicting
    group by 1, 2, 3, 4, 5, 6

)

select
    cast(rule as string) as rule,
    cast(key_type as string) as key_type,
    cast(key_scope as string) as key_scope,
    cast(key_token as string) as key_token,
    cast(other_key_token as string) as other_key_token,
    cast(records as bigint) as records,
    cast(action as string) as action,
    cast(reason as string) as reason
from final
