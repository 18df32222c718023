-- Two NULLs in one of three columns: one finding, which names it and counts them.
{%- set rows_ = "(select 1 as a, null as b, 1 as c union all select 2, null, 2 union all select 3, 3, 3) as rows_" %}
with found as (
    {{ test_never_null(rows_, ['a', 'b', 'c']) }}
)

select 'never_null' as broken_test
where (select count(*) from found) <> 1
    or (select count(*) from found where column_name = 'b' and rows_without = 2) <> 1
