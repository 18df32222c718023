-- A cent of difference, a group on one side only, and equal sums in another order.
{%- set ours = "(select 1 as k, 1.00 as v union all select 1, 2.00 union all select 2, 5.00) as rows_" %}
with by_cent as (
    {{ test_equal_sums(ours, "v", "(select 1 as k, 3.01 as w union all select 2, 5.00) as rows_", "w", ["k"]) }}
),

one_sided as (
    {{ test_equal_sums(ours, "v", "(select 1 as k, 3.00 as w) as rows_", "w", ["k"]) }}
),

equal as (
    {{ test_equal_sums(ours, "v", "(select 2 as k, 5.00 as w union all select 1, 3.00) as rows_", "w", ["k"]) }}
),

totals as (
    {{ test_equal_sums(ours, "v", "(select 7.00 as w) as rows_", "w") }}
)

select 'equal_sums' as broken_test
where (select count(*) from by_cent where key_1 = '1') <> 1 or (select count(*) from by_cent) <> 1
    or (select count(*) from one_sided where key_1 = '2') <> 1 or (select count(*) from one_sided) <> 1
    or (select count(*) from equal) <> 0
    or (select count(*) from totals) <> 1
