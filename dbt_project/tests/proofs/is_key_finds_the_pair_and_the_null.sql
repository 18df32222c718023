-- A value twice and a NULL are findings; a column of different values is none.
{%- set bad = "(select 1 as k union all select 1 union all select 2 union all select null) as rows_" %}
{%- set good = "(select 1 as k union all select 2) as rows_" %}
select 'is_key' as broken_test
where (select count(*) from ({{ test_is_key(bad, 'k') }}) as found) <> 2
    or (select count(*) from ({{ test_is_key(good, 'k') }}) as found) <> 0
