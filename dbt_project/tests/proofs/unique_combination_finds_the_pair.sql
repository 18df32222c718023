-- Of three rows two share (a, b): exactly that pair is found, and nothing on distinct rows, NULL included.
with bad as (
    {{ test_unique_combination("(select 1 as a, null as b union all select 1, null union all select 2, null) as rows_", ["a", "b"]) }}
),

good as (
    {{ test_unique_combination("(select 1 as a, null as b union all select 1, 2 union all select 2, null) as rows_", ["a", "b"]) }}
)

select 'unique_combination' as broken_test
where (select count(*) from bad where a = 1 and b is null and times = 2) <> 1
    or (select count(*) from bad) <> 1
    or (select count(*) from good) <> 0
