{# Validity windows of one key never overlap: each ends (exclusively) at or before the next begins. An open end is NULL and must be the last. #}
{% test no_overlapping_windows(model, key, starts, ends) %}
select *
from (
    select
        *,
        lead({{ starts }}) over (partition by {{ key | join(', ') }} order by {{ starts }}, {{ ends }} nulls last) as next_start,
        row_number() over (partition by {{ key | join(', ') }} order by {{ starts }}, {{ ends }} nulls last) as place,
        count(*) over (partition by {{ key | join(', ') }}) as places
    from {{ model }}
) as numbered
where (place < places and ({{ ends }} is null or {{ ends }} > next_start)) or {{ ends }} < {{ starts }}
{% endtest %}
