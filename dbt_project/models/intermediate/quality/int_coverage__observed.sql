-- What every export that comes on a schedule has of each day: records, and when they were exported. The day of a row is its
-- event time as the contract names it, else the day the file is about.
{% set observed = [] %}
{% for entry in registry() if entry.cadence != 'on_change' -%}
    {%- set day = 'cast(' ~ (entry.event_time[0] if entry.event_time else 'business_on') ~ ' as date)' -%}
    {%- do observed.append({
        'source': entry.platform, 'export': entry.export, 'day': day, 'feeds': entry.feeds.keys() | sort | join(','),
        'is_state': 'true' if entry.restates.by == 'snapshot' else 'false',
        'due_days': {'daily': 1, 'weekly': 7, 'monthly': 31}[entry.cadence], 'required': entry.required_for_publish | lower,
    }) -%}
{%- endfor %}
{%- for entry in observed %}
select
    '{{ entry.source }}' as source, '{{ entry.export }}' as export, '{{ entry.feeds }}' as feeds, {{ entry.is_state }} as is_state,
    {{ entry.due_days }} as due_days, {{ entry.required }} as is_required,
    account, on_date,
    count(distinct record_key) as records, max(exported_at) as exported_at, min(exported_at) as first_exported_at
from (
    select coalesce(account, '') as account, {{ entry.day }} as on_date, _record_key as record_key, _exported_at as exported_at
    from {{ source(entry.source, entry.export) }}
) as rows_seen
group by account, on_date
{{ next_part() if not loop.last }}
{%- endfor %}
