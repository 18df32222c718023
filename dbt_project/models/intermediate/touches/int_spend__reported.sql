-- The last day that each spend report has rows of: what a report is about when neither its name nor its folder tells. One row per delivery.
{{ config(materialized='view' if target.type == 'duckdb' else 'table') }}
{% for entry in registry() if 'spend' in entry.feeds and entry.event_time %}
select _delivery_id as delivery_id, max(cast({{ entry.event_time[0] }} as date)) as on_date
from {{ source(entry.platform, entry.export) }}
group by 1
{{ 'union all' if not loop.last }}
{% else %}
select cast(null as string) as delivery_id, cast(null as date) as on_date from (select 1 as nothing) as nowhere where nothing = 0
{% endfor %}
