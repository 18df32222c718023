-- Every edge that a guard, a ruling or the replay refused: the key, the key it stood beside, and whose customers it would have joined.
with guarded as (

    select guards.rule, guards.reason, uses.record_key, uses.node_id, uses.key_type, uses.key_scope, uses.key_token
    from {{ ref('int_identity_guards') }} as guards
    inner join {{ ref('int_identity_uses') }} as uses
        on guards.node_id = uses.node_id and guards.trust = uses.trust
        and (guards.record_key is null or guards.record_key = uses.record_key)
    where guards.rule <> 'class'
    union all
    -- a value that stands for nobody is named; one that nobody can read is only counted
    select 'class:' || key_class, 'the value is ' || key_class, record_key, node_id, key_type, key_scope, key_token
    from {{ ref('int_identity_uses') }} as uses
    where {{ stands_for_nobody('uses') }}

),

strongest as (

    -- the key of the record that links it to somebody
    select record_key, node_id, key_type, key_scope, key_token
    from (
        select
            evidence.record_key, evidence.node_id, evidence.key_type, evidence.key_scope, evidence.key_token,
            row_number() over (partition by record_key order by is_bridge, trust_rank, key_rank, node_id) as place
        from {{ ref('int_identity_evidence') }} as evidence
        where record_key in (select record_key from guarded)
    ) as ranked
    where place = 1

),

refused as (

    select
        guarded.rule, guarded.reason, guarded.key_type, guarded.key_scope, guarded.key_token,
        coalesce(strongest.key_type, '') as other_key_type, coalesce(strongest.key_scope, '') as other_key_scope,
        coalesce(strongest.key_token, '') as other_key_token,
        cast(null as string) as customer_id, owners.customer_id as other_customer_id, guarded.record_key
    from guarded
    left join strongest on guarded.record_key = strongest.record_key and guarded.node_id <> strongest.node_id
    left join {{ ref('int_record_customers') }} as owners on guarded.record_key = owners.record_key

),

counted as (

    select
        rule, reason, key_type, key_scope, key_token, other_key_type, other_key_scope, other_key_token,
        min(customer_id) as customer_id, min(other_customer_id) as other_customer_id, count(distinct record_key) as records
    from refused
    group by 1, 2, 3, 4, 5, 6, 7, 8

),

unreadable as (

    -- a record stands there once for each
    select rule, reason, key_type, key_scope, count(*) as records
    from {{ ref('int_identity_refusals__unreadable') }}
    group by 1, 2, 3, 4

),

whole as (

    select rule, key_type, key_scope, key_token, count(distinct other_customer_id) as customers
    from refused
    group by 1, 2, 3, 4

),

cut as (

    -- links between keys that ended up with different people
    select
        a.key_type, a.key_scope, a.key_token, b.key_type as other_key_type, b.key_scope as other_key_scope, b.key_token as other_key_token,
        one.customer_id, other.customer_id as other_customer_id, links.records
    from {{ ref('int_identity_links') }} as links
    inner join {{ ref('int_identity_persons') }} as part on links.node_a = part.node_id
    inner join {{ ref('int_identity_persons') }} as other_part on links.node_b = other_part.node_id and part.component <> other_part.component
    inner join {{ ref('int_identity_nodes') }} as a on links.node_a = a.node_id
    inner join {{ ref('int_identity_nodes') }} as b on links.node_b = b.node_id
    left join {{ ref('int_customers') }} as one on part.component = one.component
    left join {{ ref('int_customers') }} as other on other_part.component = other.component

)

select
    counted.rule, counted.key_type, counted.key_scope, counted.key_token,
    counted.other_key_type, counted.other_key_scope, counted.other_key_token,
    counted.customer_id, counted.other_customer_id, whole.customers as would_merge_customers, counted.records, counted.reason
from counted
inner join whole
    on counted.rule = whole.rule and counted.key_type = whole.key_type and counted.key_scope = whole.key_scope
    and counted.key_token = whole.key_token
union all
select rule, key_type, key_scope, '', '', '', '', null, null, 0, records, reason
from unreadable
union all
select
    'cannot_link', key_type, key_scope, key_token, other_key_type, other_key_scope, other_key_token, customer_id, other_customer_id, 2, records,
    'would give one person two keys of a kind that one person holds once, or that a ruling keeps apart'
from cut
union all
select
    'recycled', windows.key_type, windows.key_scope, windows.key_token, '', '', '', min(one.customer_id), min(other.customer_id),
    count(distinct one.customer_id) + count(distinct other.customer_id), cast(sum(before.records + later.records) as bigint),
    'silent since ' || cast(cast(max(before.last_seen_at) as date) as string) || ', then another holder from ' || cast(cast(windows.starts_at as date) as string)
from {{ ref('int_identity_windows') }} as windows
inner join {{ ref('int_identity_nodes') }} as before
    on windows.key_type = before.key_type and windows.key_scope = before.key_scope and windows.key_token = before.key_token
    and before.key_window = windows.key_window - 1
inner join {{ ref('int_identity_nodes') }} as later
    on windows.key_type = later.key_type and windows.key_scope = later.key_scope and windows.key_token = later.key_token
    and later.key_window = windows.key_window
left join {{ ref('int_identity_persons') }} as part on before.node_id = part.node_id
left join {{ ref('int_customers') }} as one on part.component = one.component
left join {{ ref('int_identity_persons') }} as other_part on later.node_id = other_part.node_id
left join {{ ref('int_customers') }} as other on other_part.component = other.component
group by windows.key_type, windows.key_scope, windows.key_token, windows.key_window, windows.starts_at
