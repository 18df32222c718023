-- Touching windows pass; an overlap, an open end before another window, and an end before its start fail.
with overlap as (
    {{ test_no_overlapping_windows("(select 1 as k, 1 as s, 3 as e union all select 1, 2, 4) as rows_", ["k"], "s", "e") }}
),

open_early as (
    {{ test_no_overlapping_windows("(select 1 as k, 1 as s, null as e union all select 1, 2, 4) as rows_", ["k"], "s", "e") }}
),

backwards as (
    {{ test_no_overlapping_windows("(select 1 as k, 3 as s, 2 as e) as rows_", ["k"], "s", "e") }}
),

touching as (
    {{ test_no_overlapping_windows("(select 1 as k, 1 as s, 2 as e union all select 1, 2, null union all select 2, 1, null) as rows_", ["k"], "s", "e") }}
)

select 'no_overlapping_windows' as broken_test
where (select count(*) from overlap) <> 1
    or (select count(*) from open_early) <> 1
    or (select count(*) from backwards) <> 1
    or (select count(*) from touching) <> 0
