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
with rows_seen as (
    {%- for entry in observed %}
    select
        '{{ entry.source }}' as source, '{{ entry.export }}' as export, coalesce(account, '') as account, {{ entry.day }} as on_date,
        _record_key as record_key, _exported_at as exported_at
    from {{ source(entry.source, entry.export) }}
    {{- '\n    union all' if not loop.last }}
    {%- endfor %}
),

days as (
    select
        source, export, account, on_date,
        count(distinct record_key) as records, max(exported_at) as exported_at, min(exported_at) as first_exported_at
    from rows_seen
    group by 1, 2, 3, 4
),

exports as (
    select *
    from (values
        {%- for entry in observed %}
        ('{{ entry.source }}', '{{ entry.export }}', '{{ entry.feeds }}', {{ entry.is_state }}, {{ entry.due_days }}, {{ entry.required }})
        {{- ',' if not loop.last }}
        {%- endfor %}
    ) as told (source, export, feeds, is_state, due_days, is_required)
)

select
    days.source, days.export, exports.feeds, exports.is_state, exports.due_days, exports.is_required,
    days.account, days.on_date,
    days.records, days.exported_at, days.first_exported_at
from days
inner join exports on days.source = exports.source and days.export = exports.export
