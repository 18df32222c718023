"""How the customers of two versions correspond, in SQL: who is new, merged, split, renamed, retired, and where an old id is now.

Two customers correspond when they share a key whose windows overlap. Input tables: `now_keys`, `old_keys` (columns of
`customer.customer_keys`), `old_changes`, `old_history`; variables `version`, `replaced`.
"""

from __future__ import annotations

LINKS = {
    # An id's own key always links, even if its window has no length; another customer's must overlap in time, so that a
    # recycled phone does not look like a merge.
    "links": """
        select old.customer_id as from_id, new.customer_id as to_id,
            count(distinct hash(new.key_type, new.key_scope, new.key_token)) as shared_keys,
            string_agg(distinct new.key_type, ', ' order by new.key_type) as key_types
        from old_keys as old
        join now_keys as new
            on old.key_type = new.key_type and old.key_token = new.key_token
            and old.key_scope is not distinct from new.key_scope
            and (
                old.customer_id = new.customer_id
                or (
                    coalesce(old.valid_from, timestamp '-infinity') < coalesce(new.valid_to, timestamp 'infinity')
                    and coalesce(new.valid_from, timestamp '-infinity') < coalesce(old.valid_to, timestamp 'infinity')
                )
            )
        group by 1, 2""",
    "kinds": """
        select from_id, to_id, shared_keys, key_types,
            case
                when count(*) over (partition by from_id) > 1 then 'split'
                when count(*) over (partition by to_id) > 1 then 'merged'
                else 'renamed'
            end as change
        from links""",
    "successors": """
        select from_id, to_id, change
        from (
            select *, row_number() over (partition by from_id order by shared_keys desc, to_id) as place
            from kinds where from_id not in (select customer_id from now_keys)
        ) as ranked
        where place = 1""",
}

CHANGES = """
    with here as (
        select change, to_id as customer_id, from_id as from_customer_id, 'shared: ' || key_types as evidence
        from kinds where from_id <> to_id
        union all
        select 'new', customer_id, null, 'keys: ' || string_agg(distinct key_type, ', ' order by key_type)
        from now_keys
        where customer_id not in (select to_id from links) and customer_id not in (select customer_id from old_keys)
        group by customer_id
        union all
        select 'retired', customer_id, customer_id, 'keys: ' || string_agg(distinct key_type, ', ' order by key_type)
        from old_keys
        where customer_id not in (select from_id from links) and customer_id not in (select customer_id from now_keys)
        group by customer_id
    )

    select version, change, customer_id, from_customer_id, evidence from old_changes
    union all
    select getvariable('version'), change, customer_id, from_customer_id, evidence from here
    order by 1, 2, 3, 4 nulls first"""

HISTORY = """
    with living as (select distinct customer_id from now_keys),

    known as (
        select customer_id, current_customer_id, first_version, last_version, change from old_history
        union all
        select distinct customer_id, customer_id, getvariable('replaced'), null, null
        from old_keys where customer_id not in (select customer_id from old_history)
    ),

    followed as (
        select known.customer_id, known.first_version,
            case when living.customer_id is not null then known.customer_id
                 when successor_lives.customer_id is not null then known.current_customer_id
                 else successors.to_id end as current_customer_id,
            case when living.customer_id is not null then null
                 else coalesce(known.last_version, getvariable('replaced')) end as last_version,
            case when living.customer_id is not null then null
                 else coalesce(known.change, successors.change, 'retired') end as change
        from known
        left join living on living.customer_id = known.customer_id
        left join living as successor_lives on successor_lives.customer_id = known.current_customer_id
        left join successors on successors.from_id = known.current_customer_id
    )

    select customer_id, current_customer_id, first_version, last_version, change from followed
    union all
    select customer_id, customer_id, getvariable('version'), null, null
    from living where customer_id not in (select customer_id from known)
    order by 1"""
