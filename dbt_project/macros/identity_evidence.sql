{# Every identity key on every row of one export, whatever the platform: written from the registry, so a new source is data only.
   A select with one row per record, key and version. Superseded versions keep linking; a record whose newest state the contract calls
   withdrawn proves nothing any more. A key without a scope (its app or corp is unknown) proves nothing either.
   Keys of a second person on the record (`person`, say inviter) stand under a record key of their own, so the two never become one. #}
{% macro identity_evidence(entry) -%}
{%- set plain = [] -%}
{%- for key in entry.identity if not key.list -%}{%- do plain.append(key_on_row(key, 'rows_seen')) -%}{%- endfor -%}
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
    {%- if plain %}
    select * from {{ each_way('rows_seen', plain) | indent(4) }} as of_the_row
    {%- endif %}
    {%- for key in entry.identity if key.list %}
    {{ 'union all' if plain or not loop.first }}
    select * from (
        select
            {%- for name, value in key_on_row(key, key.column ~ '_item').items() %}
            {{ value }} as {{ name }}{{ ',' if not loop.last }}
            {%- endfor %}
        from rows_seen {{ explode('rows_seen.' ~ key.list, key.column ~ '_item') }}
    ) as {{ key.column }}_of_the_list
    {%- endfor %}
) as evidence
where evidence.key_token is not null and evidence.key_scope is not null
{%- endmacro %}

{# What one key says of a row, column by column; it stands on the row itself or on an element of its list. #}
{% macro key_on_row(key, holder) -%}
{{ return({
    'record_key': 'rows_seen.record_key' ~ (" || '#" ~ key.person ~ "'" if key.person else ''),
    'key_type': "'" ~ key.type ~ "'",
    'key_scope': holder ~ '.' ~ key.column ~ '_scope',
    'key_token': holder ~ '.' ~ key.column,
    'key_class': holder ~ '.' ~ key.column ~ '_class',
    'trust': "'" ~ key.trust ~ "'",
    'seen_first_at': 'rows_seen.seen_first_at',
    'seen_last_at': 'rows_seen.seen_last_at',
    'valid_to': 'rows_seen.valid_to',
}) }}
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
