-- Each kind of rule broken once: its name and its number of rows or keys; what holds is not told, NULL included where it is allowed.
{%- set rows_ -%}
(
    select 1 as id, 'a' as word, 1 as amount, null as nothing
    union all select 1, 'b', 2, 1
    union all select null, 'c', null, null
    union all select null, null, 4, 2
) as rows_
{%- endset -%}
{%- set claims = {
    'key': 'id', 'other_keys': {'twice': ['word', 'amount'], 'nothing_twice': ['nothing']}, 'never_null': ['id', 'word', 'amount'], 'one_of': {'word': ['a', 'b']},
    'rules': {'small': 'amount < 3', 'small_where_told': {'expression': 'amount < 3', 'where': 'nothing is not null'}, 'true': '1 = 1'},
} -%}
{%- set good = {'key': ['word', 'amount'], 'one_of': {'word': ['a', 'b', 'c']}, 'rules': {'small': {'expression': 'amount < 5', 'where': 'amount > 0'}}} %}
with found as (
    {{ broken_rules(rows_, claims) }}
),

expected as (
    select 'key id' as rule, 2 as failing_rows
    union all select 'nothing_twice', 1
    union all select 'never_null id', 2
    union all select 'never_null word', 1
    union all select 'never_null amount', 1
    union all select 'one_of word', 1
    union all select 'small', 2
    union all select 'small_where_told', 1
)

select 'holds' as broken_test
where (select count(*) from found) <> 8
    or (select count(*) from found inner join expected on found.rule = expected.rule and found.failing_rows = expected.failing_rows) <> 8
    or (select count(*) from ({{ broken_rules(rows_, good) }}) as nothing_found) <> 0
    or (select count(*) from ({{ broken_rules(rows_, {'key': 'id'}, 'feed: ') }}) as named where rule = 'feed: key id') <> 1
