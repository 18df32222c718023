{# Every spelling that differs between engines, one macro each, dispatched by adapter.
   Belongs here: SQL whose words or results differ on DuckDB and Spark. Does not: business rules.
   Types need no macro: string, bigint, boolean, double, date, timestamp, decimal(p,s) are words of both. #}

{# True where the pattern is found anywhere in the text; NULL text gives NULL. #}
{% macro regexp_like(text, pattern) %}{{ adapter.dispatch('regexp_like', 'fishpond')(text, pattern) }}{% endmacro %}
{% macro duckdb__regexp_like(text, pattern) %}regexp_matches({{ text }}, '{{ pattern }}'){% endmacro %}
{% macro spark__regexp_like(text, pattern) %}({{ text }} rlike '{{ pattern }}'){% endmacro %}

{# Replaces every match. #}
{% macro regexp_replace(text, pattern, replacement) %}{{ adapter.dispatch('regexp_replace', 'fishpond')(text, pattern, replacement) }}{% endmacro %}
{% macro duckdb__regexp_replace(text, pattern, replacement) %}regexp_replace({{ text }}, '{{ pattern }}', '{{ replacement }}', 'g'){% endmacro %}
{% macro spark__regexp_replace(text, pattern, replacement) %}regexp_replace({{ text }}, '{{ pattern }}', '{{ replacement }}'){% endmacro %}

{# The first 15 hex digits of md5 as a bigint: the same 60-bit number on either engine. #}
{% macro hash60(text) %}{{ adapter.dispatch('hash60', 'fishpond')(text) }}{% endmacro %}
{% macro duckdb__hash60(text) %}cast('0x' || substr(md5({{ text }}), 1, 15) as bigint){% endmacro %}
{% macro spark__hash60(text) %}cast(conv(substr(md5({{ text }}), 1, 15), 16, 10) as bigint){% endmacro %}

{# Whole seconds from one timestamp to the later one (negative when it is earlier). #}
{% macro seconds_between(earlier, later) %}{{ adapter.dispatch('seconds_between', 'fishpond')(earlier, later) }}{% endmacro %}
{% macro duckdb__seconds_between(earlier, later) %}cast(date_diff('second', cast({{ earlier }} as timestamp), cast({{ later }} as timestamp)) as bigint){% endmacro %}
{% macro spark__seconds_between(earlier, later) %}cast(unix_timestamp(cast({{ later }} as timestamp)) - unix_timestamp(cast({{ earlier }} as timestamp)) as bigint){% endmacro %}

{# Whole days from one date to the later one. #}
{% macro days_between(earlier, later) %}{{ adapter.dispatch('days_between', 'fishpond')(earlier, later) }}{% endmacro %}
{% macro duckdb__days_between(earlier, later) %}cast(cast({{ later }} as date) - cast({{ earlier }} as date) as bigint){% endmacro %}
{% macro spark__days_between(earlier, later) %}cast(datediff(cast({{ later }} as date), cast({{ earlier }} as date)) as bigint){% endmacro %}

{# The day a whole number of days earlier; the number may be an expression. #}
{% macro days_before(day, days) %}{{ adapter.dispatch('days_before', 'fishpond')(day, days) }}{% endmacro %}
{% macro duckdb__days_before(day, days) %}cast(cast({{ day }} as date) - cast({{ days }} as integer) as date){% endmacro %}
{% macro spark__days_before(day, days) %}date_sub(cast({{ day }} as date), cast({{ days }} as int)){% endmacro %}

{# Calendar months from one date to the later one: January 31st to February 1st is 1 (the age of a cohort). #}
{% macro months_between(earlier, later) -%}
cast((year({{ later }}) - year({{ earlier }})) * 12 + month({{ later }}) - month({{ earlier }}) as bigint)
{%- endmacro %}

{# Integer division towards zero; NULL for a zero divisor. #}
{% macro int_div(dividend, divisor) %}{{ adapter.dispatch('int_div', 'fishpond')(dividend, divisor) }}{% endmacro %}
{% macro duckdb__int_div(dividend, divisor) %}(({{ dividend }}) // nullif({{ divisor }}, 0)){% endmacro %}
{% macro spark__int_div(dividend, divisor) %}(({{ dividend }}) div nullif({{ divisor }}, 0)){% endmacro %}

{# An integer wide enough (38 digits) that a product of two cent amounts never overflows. #}
{% macro wide_integer(number) %}{{ adapter.dispatch('wide_integer', 'fishpond')(number) }}{% endmacro %}
{% macro duckdb__wide_integer(number) %}cast({{ number }} as hugeint){% endmacro %}
{% macro spark__wide_integer(number) %}cast({{ number }} as decimal(38, 0)){% endmacro %}

{# A join clause: one row per element of a list column, the element named `item`; rows with an empty list vanish. #}
{% macro explode(list, item) %}{{ adapter.dispatch('explode', 'fishpond')(list, item) }}{% endmacro %}
{% macro duckdb__explode(list, item) %}cross join unnest({{ list }}) as {{ item }}_list({{ item }}){% endmacro %}
{% macro spark__explode(list, item) %}lateral view explode({{ list }}) {{ item }}_list as {{ item }}{% endmacro %}

{# A FROM item with one row per row of a relation and way of reading it; `ways`: a list of {column: expression}, each with the same columns.
   Spark would read the relation, and do all the work below it, once for each way; DuckDB does that work once. #}
{% macro each_way(relation, ways) %}{{ adapter.dispatch('each_way', 'fishpond')(relation, ways) }}{% endmacro %}
{% macro duckdb__each_way(relation, ways) -%}
(
    {%- for way in ways %}
    select
        {%- for name, value in way.items() %}
        {{ value }} as {{ name }}{{ ',' if not loop.last }}
        {%- endfor %}
    from {{ relation }}
    {{- '\n    union all' if not loop.last }}
    {%- endfor %}
)
{%- endmacro %}
{% macro spark__each_way(relation, ways) -%}
(
    select way.*
    from {{ relation }}
    lateral view explode(array(
        {%- for way in ways %}
        {{ struct(way) }}{{ ',' if not loop.last }}
        {%- endfor %}
    )) ways_list as way
)
{%- endmacro %}

{# A FROM item with one row per day, column `on_date`, both ends included. #}
{% macro days_from_to(first_day, last_day) %}{{ adapter.dispatch('days_from_to', 'fishpond')(first_day, last_day) }}{% endmacro %}
{% macro duckdb__days_from_to(first_day, last_day) -%}
(select cast(unnest(generate_series(cast({{ first_day }} as timestamp), cast({{ last_day }} as timestamp), interval '1' day)) as date) as on_date)
{%- endmacro %}
{% macro spark__days_from_to(first_day, last_day) -%}
(select explode(sequence(cast({{ first_day }} as date), cast({{ last_day }} as date), interval 1 day)) as on_date)
{%- endmacro %}

{% macro array_to_string(list, separator=',') %}{{ adapter.dispatch('array_to_string', 'fishpond')(list, separator) }}{% endmacro %}
{% macro duckdb__array_to_string(list, separator) %}array_to_string({{ list }}, '{{ separator }}'){% endmacro %}
{% macro spark__array_to_string(list, separator) %}array_join({{ list }}, '{{ separator }}'){% endmacro %}

{# Aggregate: the sorted list of distinct values that are not NULL; an empty list where there are none, never NULL. #}
{% macro collect_sorted(value) %}{{ adapter.dispatch('collect_sorted', 'fishpond')(value) }}{% endmacro %}
{% macro duckdb__collect_sorted(value) %}coalesce(list_sort(list(distinct {{ value }}) filter (where {{ value }} is not null)), []){% endmacro %}
{% macro spark__collect_sorted(value) %}sort_array(collect_set({{ value }})){% endmacro %}

{# A struct from {name: expression}. #}
{% macro struct(fields) %}{{ adapter.dispatch('struct', 'fishpond')(fields) }}{% endmacro %}
{% macro duckdb__struct(fields) -%}
struct_pack({% for name, value in fields.items() %}{{ name }} := {{ value }}{{ ', ' if not loop.last }}{% endfor %})
{%- endmacro %}
{% macro spark__struct(fields) -%}
named_struct({% for name, value in fields.items() %}'{{ name }}', {{ value }}{{ ', ' if not loop.last }}{% endfor %})
{%- endmacro %}

{# Number of elements of a list; NULL list gives 0. #}
{% macro list_size(list) %}{{ adapter.dispatch('list_size', 'fishpond')(list) }}{% endmacro %}
{% macro duckdb__list_size(list) %}coalesce(cast(len({{ list }}) as bigint), 0){% endmacro %}
{% macro spark__list_size(list) %}(case when {{ list }} is null then cast(0 as bigint) else cast(size({{ list }}) as bigint) end){% endmacro %}

{# One field of the first element of a list of structs; NULL for an empty list. Engines count elements from 1 or from 0. #}
{% macro first_item(list, field) %}{{ adapter.dispatch('first_item', 'fishpond')(list, field) }}{% endmacro %}
{% macro duckdb__first_item(list, field) %}{{ list }}[1].{{ field }}{% endmacro %}
{% macro spark__first_item(list, field) %}try_element_at({{ list }}, 1).{{ field }}{% endmacro %}

{# The same where it is the only element; NULL where there are none or several. #}
{% macro only_item(list, field) %}case when {{ list_size(list) }} = 1 then {{ first_item(list, field) }} end{% endmacro %}

{# The sum of one field over a list of structs, exact; NULL for an empty list. #}
{% macro list_sum(list, field) %}{{ adapter.dispatch('list_sum', 'fishpond')(list, field) }}{% endmacro %}
{% macro duckdb__list_sum(list, field) %}list_sum(list_transform({{ list }}, lambda e: e.{{ field }})){% endmacro %}
{% macro spark__list_sum(list, field) %}aggregate(transform({{ list }}, e -> cast(e.{{ field }} as decimal(18, 2))), cast(null as decimal(18, 2)), (acc, v) -> cast(coalesce(acc + v, acc, v) as decimal(18, 2))){% endmacro %}

{# The limits that settings.py passes on. #}
{% macro engine_limits() %}{{ adapter.dispatch('engine_limits', 'fishpond')() }}{% endmacro %}
{% macro duckdb__engine_limits() -%}
{%- if env_var('FISHPOND_MEMORY_LIMIT', '') %}set memory_limit = '{{ env_var('FISHPOND_MEMORY_LIMIT') }}';{% endif -%}
{%- if env_var('FISHPOND_THREADS', '') %}set threads = {{ env_var('FISHPOND_THREADS') }};{% endif -%}
{%- endmacro %}
{% macro spark__engine_limits() %}{% endmacro %}

{# Run statements one after the other: what stands ready for the models of an engine that cannot read our warehouse file. #}
{% macro run_statements(statements) %}
    {%- for statement in statements -%}{% do run_query(statement) %}{%- endfor -%}
{% endmacro %}
