-- Thirds of a cent, negative units, all-zero weights, amounts beyond 64 bits of product, and NULL units.
with given as (
    select 'thirds' as g, 'a' as t, 100 as units, 1 as w union all select 'thirds', 'b', 100, 1 union all select 'thirds', 'c', 100, 1
    union all select 'minus', 'a', -100, 2 union all select 'minus', 'b', -100, 1
    union all select 'zero', 'a', 5, 0 union all select 'zero', 'b', 5, 0
    union all select 'huge', 'a', 9000000000000, 7000000000000 union all select 'huge', 'b', 9000000000000, 2000000000000
    union all select 'none', 'a', null, 1
),

split as (
    select g, t, part from {{ largest_remainder('given', ['g'], 'units', 'w', 't', 'part') }} as parts
),

expected as (
    select 'thirds' as g, 'a' as t, 34 as part union all select 'thirds', 'b', 33 union all select 'thirds', 'c', 33
    union all select 'minus', 'a', -67 union all select 'minus', 'b', -33
    union all select 'zero', 'a', 3 union all select 'zero', 'b', 2
    union all select 'huge', 'a', 7000000000000 union all select 'huge', 'b', 2000000000000
    union all select 'none', 'a', null
)

select split.g, split.t, split.part, expected.part as expected_part
from split
full outer join expected on split.g = expected.g and split.t = expected.t
where coalesce(split.part, -1) <> coalesce(expected.part, -1) or split.g is null or expected.g is null
