"""How the customers of two versions correspond, in SQL: who is new, merged, split, renamed, retired, and where an old id is now.

Two customers correspond when they share a key whose windows overlap. Input tables: `now_keys`, `old_keys` (columns of
`customer.customer_keys`), `now_review`, `old_review` (of `customer.identity_review`), `old_changes`, `old_history`; variables `version`,
`replaced`, `erased` (whether somebody was forgotten since the replaced version).
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
    "changes_here": """
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
        group by customer_id""",
    # What people and guards began or ceased to say of a key: a ruling names it (either may join or part), a rule refuses it or no longer.
    "said": """
        with refused as (
            select distinct side, rule, token
            from (
                select 'now' as side, rule, unnest([key_token, other_key_token]) as token from now_review
                union all
                select 'old', rule, unnest([key_token, other_key_token]) from old_review
            ) as sides
            where token <> '' and rule not like 'class:%'
        )

        select rule, token, rule = 'ruling' or min(side) = 'now' as may_part, rule = 'ruling' or min(side) = 'old' as may_join
        from refused group by 1, 2 having count(*) = 1
        union
        select 'ruling', coalesce(now.key_token, old.key_token), true, true
        from now_keys as now
        full join old_keys as old on now.key_type = old.key_type and now.key_scope = old.key_scope and now.key_token = old.key_token
        where coalesce(now.ruling, '') <> coalesce(old.ruling, '')""",
    "causes": """
        select customer_id, change, case when bool_or(rule = 'ruling') then 'ruling' else 'rule' end as cause,
            string_agg(distinct rule, ', ' order by rule) as rules
        from (from now_keys select customer_id, key_token union from old_keys select customer_id, key_token) as keys
        join said on said.token = keys.key_token
        join (values ('merged', true), ('split', false), ('retired', false), ('renamed', false)) as changes (change, joins)
            on case when joins then may_join else may_part end
        group by 1, 2""",
    "seen": """
        select customer_id, min(first_seen_at) filter (where side = 'now') as now_seen_at,
            min(first_seen_at) filter (where side = 'old') as old_seen_at
        from (
            select customer_id, first_seen_at, 'now' as side from now_keys union all select customer_id, first_seen_at, 'old' from old_keys
        )
        group by 1""",
}

CHANGES = """
    select version, change, cause, customer_id, from_customer_id, evidence from old_changes
    union all
    select getvariable('version'), here.change,
        case
            when here.change = 'new' then 'new_data'
            when 'ruling' in (theirs.cause, mine.cause) then 'ruling'
            when 'rule' in (theirs.cause, mine.cause) then 'rule'
            when here.change = 'merged' then 'new_data'
            when here.change = 'renamed' and now_seen.now_seen_at < old_seen.old_seen_at then 'back_dated'
            when getvariable('erased') then 'erasure'
            else 'withdrawn'
        end,
        here.customer_id, here.from_customer_id, here.evidence || coalesce('; by: ' || coalesce(theirs.rules, mine.rules), '')
    from changes_here as here
    left join causes as theirs on theirs.customer_id = here.from_customer_id and theirs.change = here.change
    left join causes as mine on mine.customer_id = here.customer_id and mine.change = here.change
    left join seen as now_seen on now_seen.customer_id = here.customer_id
    left join seen as old_seen on old_seen.customer_id = here.from_customer_id
    order by 1, 2, 4, 5 nulls first"""

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
