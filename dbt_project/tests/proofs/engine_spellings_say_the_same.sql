-- The engine's spellings against values computed by hand (and by the other engine).
select 'engine' as broken_macro
where {{ hash60("'fishpond'") }} <> 297848799180581959
    or {{ seconds_between("timestamp '2026-01-01 00:00:59'", "timestamp '2026-01-01 00:01:01'") }} <> 2
    or {{ days_between("date '2026-02-27'", "date '2026-03-01'") }} <> 2
    or {{ months_between("date '2025-12-31'", "date '2026-01-01'") }} <> 1
    or {{ int_div('7', '2') }} <> 3
    or {{ int_div('7', '0') }} is not null
    or {{ cents('-0.29') }} <> -29
    or {{ yuan('-29') }} <> -0.29
    or {{ regexp_replace("'a1b22'", '[0-9]+', '.') }} <> 'a.b.'
    or not {{ regexp_like("'买正装送小样'", '送小样') }}
    or (select count(*) from {{ days_from_to("date '2024-02-28'", "date '2024-03-01'") }} as days) <> 3
    or (select {{ array_to_string(collect_sorted('v'), '+') }} from (select 'b' as v union all select 'a' union all select 'b' union all select null) as given) <> 'a+b'
    or (select {{ list_size(collect_sorted('v')) }} from (select cast(null as string) as v) as given) <> 0
    or {{ has_tag("'gift,test'", 'test') }} = false
    or {{ has_tag("'gift,tester'", 'test') }} = true
    or {{ has_tag("null", 'test') }} = true
