-- False and NULL fail, true passes, and rows outside `where_true` are not looked at.
with bad as (
    {{ test_expression_is_true("(select 1 as a union all select 2 union all select null) as rows_", "a = 1") }}
),

narrowed as (
    {{ test_expression_is_true("(select 1 as a union all select 2) as rows_", "a = 1", "a < 2") }}
)

select 'expression_is_true' as broken_test
where (select count(*) from bad) <> 2 or (select count(*) from narrowed) <> 0
