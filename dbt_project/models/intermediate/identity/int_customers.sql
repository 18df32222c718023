-- One customer per person of the evidence graph that holds more than order and payment numbers. Named after the key that was seen first, so new data
-- rename nobody: only a merge does, and then the older id stays.
with keys as (

    select
        components.component,
        nodes.key_type, nodes.key_scope, nodes.key_token, nodes.key_window, nodes.first_seen_at, nodes.last_seen_at,
        row_number() over (
            partition by components.component
            order by nodes.first_seen_at, nodes.trust_rank, nodes.key_type, nodes.key_scope, nodes.key_token,
                nodes.key_window
        ) as place,
        count(*) over (partition by components.component) as key_count,
        min(nodes.first_seen_at) over (partition by components.component) as customer_first_seen_at,
        max(nodes.last_seen_at) over (partition by components.component) as customer_last_seen_at
    from {{ ref('int_identity_persons') }} as components
    inner join {{ ref('int_identity_nodes') }} as nodes on components.node_id = nodes.node_id
    where not nodes.is_bridge

)

select
    component,
    -- a key that changed hands names its later holders by their window
    'c' || substr(md5(key_type || '|' || key_scope || '|' || key_token
        || case when key_window > 1 then '|' || cast(key_window as string) else '' end), 1, 20) as customer_id,
    customer_first_seen_at as first_seen_at,
    customer_last_seen_at as last_seen_at,
    cast(key_count as bigint) as key_count
from keys
where place = 1
