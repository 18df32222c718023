{# Every identity key on every row of one export, whatever the platform: written from the registry, so a new source is data only.
   A select with one row per record, key and version. Superseded versions keep linking; a record whose newest state the contract calls
   withdrawn proves nothing any more. A key without a scope (its app or corp is unknown) proves nothing either.
   Keys of a second person on the record (`person`, say inviter) stand under a record key of their own, so the two never become one. #}
{% macro identity_evidence(entry) -%}
select
    evidence.record_key,
    '{{ entry.platform }}' as platform,
    '{{ entry.export }}' as export,
    evidence.key_type,
    evidence.key_scope,
    evidence.key_token,
    evidence.key_class,
    evidence.trust,
    evidence.seen_first_at,
    evidence.seen_last_at,
    evidence.valid_to
from (
    {%- for key in entry.identity %}
    {%- set holder = key.column ~ '_item' if key.list else 'rows_seen' %}
    select
        rows_seen.record_key{% if key.person %} || '#{{ key.person }}'{% endif %} as record_key,
        '{{ key.type }}' as key_type,
        {{ holder }}.{{ key.column }}_scope as key_scope,
        {{ holder }}.{{ key.column }} as key_token,
        {{ holder }}.{{ key.column }}_class as key_class,
        '{{ key.trust }}' as trust,
        rows_seen.seen_first_at,
        rows_seen.seen_last_at,
        rows_seen.valid_to
    from rows_seen
    {%- if key.list %} {{ explode('rows_seen.' ~ key.list, key.column ~ '_item') }}{% endif %}
    where {{ holder }}.{{ key.column }} is not null and {{ holder }}.{{ key.column }}_scope is not null
    {{- '\n    union all' if not loop.last }}
    {%- endfor %}
) as evidence
{%- endmacro %}

{# The common table expression `rows_seen` for one export: all versions of all records that are not withdrawn, with their times. #}
{% macro identity_rows(entry) -%}
{%- set times = [] -%}
{%- for column in entry.event_time -%}{%- do times.append('cast(' ~ column ~ ' as timestamp)') -%}{%- endfor -%}
select
    states.*,
    _record_key as record_key,
    {%- if times | length == 0 %}
    _exported_at as seen_first_at,
    _exported_at as seen_last_at
    {%- elif times | length == 1 %}
    coalesce({{ times[0] }}, _exported_at) as seen_first_at,
    coalesce({{ times[0] }}, _exported_at) as seen_last_at
    {%- else %}
    coalesce(least({{ times | join(', ') }}), _exported_at) as seen_first_at,
    coalesce(greatest({{ times | join(', ') }}), _exported_at) as seen_last_at
    {%- endif %}
from (
    select
        versions.*,
        {%- if entry.withdrawn_when %}
        bool_or(is_current and (
            {%- for column, values in entry.withdrawn_when.items() %}
            {{ 'or ' if not loop.first }}cast({{ column }} as string) in ({% for value in values %}'{{ value }}'{{ ', ' if not loop.last }}{% endfor %})
            {%- endfor %}
        )) over (partition by _record_key) as is_withdrawn
        {%- else %}
        false as is_withdrawn
        {%- endif %}
    from {{ newest(entry.platform, entry.export) }} as versions
) as states
where not is_withdrawn
{%- endmacro %}
