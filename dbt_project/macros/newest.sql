{# What stands now, out of everything every export ever said: the contract's `restates` rule as SQL.
   Versions are ordered by (_exported_at, the row's own updated time, _file_sha256, _line), so an older export that arrives late is older. #}

{# A FROM item: every row of the export, plus
     is_current  the row is part of the newest state
     valid_to    _exported_at of the export that superseded it; NULL while it stands
     absent_at   snapshots only: _exported_at of the first later snapshot of its scope in which the record is missing #}
{% macro newest(platform, export) -%}
{%- set entry = registered(platform, export) -%}
{%- set updated = entry.updated_at or 'cast(null as timestamp)' -%}
{%- if entry.restates.by in ('row', 'never') -%}
    {{- newest_by_row(source(platform, export), updated) -}}
{%- elif entry.restates.by == 'group' -%}
    {{- newest_by_group(source(platform, export), updated, entry.restates.columns) -}}
{%- else -%}
    {{- newest_by_snapshot(source(platform, export), updated, entry) -}}
{%- endif -%}
{%- endmacro %}

{# Each record by itself: a newer row replaces an older row of the same natural key. #}
{% macro newest_by_row(relation, updated) -%}
(
    select
        versions.*,
        -- no version after it: one order for both columns, so that rows are sorted once
        lead(true) over (partition by _record_key order by _exported_at, {{ updated }} nulls first, _file_sha256, _line) is null as is_current,
        lead(_exported_at) over (
            partition by _record_key order by _exported_at, {{ updated }} nulls first, _file_sha256, _line
        ) as valid_to,
        cast(null as timestamp) as absent_at
    from {{ relation }} as versions
)
{%- endmacro %}

{# A whole group at once: the newest delivery that speaks of a group replaces all rows of it, so what vanished from the file vanishes. #}
{% macro newest_by_group(relation, updated, columns) -%}
{%- set scope = (columns or ["'everything'"]) | join(', ') -%}
(
    select
        followed.*,
        _is_last_in_version and _next_version_at is null as is_current,
        case when _is_last_in_version then _next_version_at else _exported_at end as valid_to,
        cast(null as timestamp) as absent_at
    from (
        select
            versions.*,
            row_number() over (
                partition by _record_key, _version order by {{ updated }} desc nulls last, _file_sha256 desc, _line desc
            ) = 1 as _is_last_in_version,
            min(_exported_at) over (
                partition by {{ scope }} order by _version range between 1 following and unbounded following
            ) as _next_version_at
        from (
            select
                updates.*,
                dense_rank() over (
                    partition by {{ scope }} order by _exported_at, _version_updated_at nulls first, _file_sha256, _delivery_id
                ) as _version
            from (
                select raw_rows.*, max({{ updated }}) over (partition by {{ scope }}, _delivery_id) as _version_updated_at
                from {{ relation }} as raw_rows
            ) as updates
        ) as versions
    ) as followed
)
{%- endmacro %}

{# The whole state of a scope at once: whoever a later whole list of the scope does not name is absent from that moment on. A list is everything
   of its scope exported at one moment; one that names nobody (`lake.empty_lists`) closes its scope too. #}
{% macro newest_by_snapshot(relation, updated, entry) -%}
{%- set scope = scope_text(entry.restates.columns) -%}
(
    select
        followed.*,
        _is_last_in_version and _next_own_at is null and next_whole_at is null as is_current,
        case when _is_last_in_version then least(_next_own_at, next_whole_at) else _exported_at end as valid_to,
        case when _is_last_in_version and coalesce(_next_own_at > next_whole_at, true) then next_whole_at end as absent_at
    from (
        select
            numbered.*,
            lists.next_whole_at,
            lead(numbered._exported_at) over (
                partition by numbered._record_key order by numbered._exported_at, numbered._is_last_in_version
            ) as _next_own_at
        from (
            select
                raw_rows.*,
                {{ scope }} as _scope,
                row_number() over (
                    partition by _record_key, _exported_at order by {{ updated }} desc nulls last, _file_sha256 desc, _line desc
                ) = 1 as _is_last_in_version
            from {{ relation }} as raw_rows
        ) as numbered
        left join {{ whole_lists(relation, entry) }} as lists
            on numbered._scope = lists.scope and numbered._exported_at = lists.exported_at
    ) as followed
)
{%- endmacro %}

{# The scope of a snapshot as one text, as the loader writes it for lists without rows. #}
{% macro scope_text(columns) -%}
{%- for column in columns -%}coalesce(cast({{ column }} as string), ''){{ " || '|' || " if not loop.last }}{%- else -%}''{%- endfor -%}
{%- endmacro %}

{# A FROM item: one row per scope and moment of export, with the moment of the next whole list. A list given as pages is whole when its last page
   is there (`last_page` empty) and none between: numbers run from 0 or 1 without a hole. Only numbered pages are pages, where some are
   numbered. A list that is not whole still says what it holds, but its silence proves nothing. #}
{% macro whole_lists(relation, entry) -%}
{%- set last_page, page = entry.restates.last_page, entry.restates.page -%}
(
    select
        scope,
        exported_at,
        min(case when is_whole then exported_at end) over (
            partition by scope order by exported_at rows between 1 following and unbounded following
        ) as next_whole_at
    from (
        select
            scope,
            exported_at,
            case
                when max(page) is null then bool_or(is_last_page)
                else bool_or(page is not null and is_last_page) and count(distinct page) = max(page) - least(min(page), 1) + 1
            end as is_whole
        from (
            select distinct
                {{ scope_text(entry.restates.columns) }} as scope,
                _exported_at as exported_at,
                {{ last_page ~ ' is null' if last_page else 'true' }} as is_last_page,
                cast({{ page or 'null' }} as bigint) as page
            from {{ relation }} as raw_rows
            union all
            select scope, exported_at, is_last_page, page
            from {{ source('lake', 'empty_lists') }}
            where source = '{{ entry.platform }}' and export = '{{ entry.export }}'
        ) as pages
        group by scope, exported_at
    ) as lists
)
{%- endmacro %}
