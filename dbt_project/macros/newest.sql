{# What stands now, out of everything every export ever said: the contract's `restates` rule as SQL.
   Versions are ordered by (_exported_at, the row's own updated time, _file_sha256, _line), so an older export that arrives late is older. #}

{# The registry's entry of one export; an unknown export is a compile error. #}
{% macro registered(platform, export) %}
{%- for entry in registry() if entry.platform == platform and entry.export == export -%}{{ return(entry) }}{%- endfor -%}
{{ exceptions.raise_compiler_error("no contract in orchestration/sources says " ~ platform ~ "/" ~ export) }}
{% endmacro %}

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
    {{- newest_by_version(source(platform, export), updated, entry.restates.columns, '_exported_at, _version_updated_at nulls first, _file_sha256, _delivery_id', none) -}}
{%- else -%}
    {{- newest_by_version(source(platform, export), updated, entry.restates.columns, '_exported_at', entry.restates.last_page, entry.restates.page) -}}
{%- endif -%}
{%- endmacro %}

{# Each record by itself: a newer row replaces an older row of the same natural key. #}
{% macro newest_by_row(relation, updated) -%}
(
    select
        versions.*,
        row_number() over (
            partition by _record_key order by _exported_at desc, {{ updated }} desc nulls last, _file_sha256 desc, _line desc
        ) = 1 as is_current,
        lead(_exported_at) over (
            partition by _record_key order by _exported_at, {{ updated }} nulls first, _file_sha256, _line
        ) as valid_to,
        cast(null as timestamp) as absent_at
    from {{ relation }} as versions
)
{%- endmacro %}

{# A whole group at once: the newest version replaces all rows of its group, so what vanished from the file vanishes.
   A group's version is one delivery, a snapshot's version everything of the scope exported at one moment (its pages).
   A snapshot whose last page is missing (`last_page` empty on no row), or one between (fewer page numbers than the largest says),
   still says what it holds, but its silence proves nothing. Only numbered pages are pages, where some are numbered. #}
{% macro newest_by_version(relation, updated, columns, version_order, last_page, page=none) -%}
{%- set scope = (columns or ["'everything'"]) | join(', ') -%}
(
    select
        followed.*,
        _is_last_in_version and _next_own_at is null and _next_whole is null as is_current,
        case when _is_last_in_version then least(_next_own_at, _next_whole_at) else _exported_at end as valid_to,
        case when _is_last_in_version and _next_whole is not null and coalesce(_next_own > _next_whole, true) then _next_whole_at end as absent_at
    from (
        select
            numbered.*,
            lead(_version) over (partition by _record_key order by _version, _is_last_in_version) as _next_own,
            lead(_exported_at) over (partition by _record_key order by _version, _is_last_in_version) as _next_own_at
        from (
            select
                versions.*,
                row_number() over (
                    partition by _record_key, _version order by {{ updated }} desc nulls last, _file_sha256 desc, _line desc
                ) = 1 as _is_last_in_version,
                min(case when _is_whole then _version end) over (
                    partition by {{ scope }} order by _version range between 1 following and unbounded following
                ) as _next_whole,
                min(case when _is_whole then _exported_at end) over (
                    partition by {{ scope }} order by _version range between 1 following and unbounded following
                ) as _next_whole_at
            from (
                select
                    ranked.*,
                    {% if page -%}
                    case
                        when max({{ page }}) over (partition by {{ scope }}, _version) is null
                            then bool_or({{ last_page }} is null) over (partition by {{ scope }}, _version)
                        else bool_or({{ page }} is not null and {{ last_page }} is null) over (partition by {{ scope }}, _version)
                            and sum(_is_new_page) over (partition by {{ scope }}, _version) = max({{ page }}) over (partition by {{ scope }}, _version)
                    end
                    {%- elif last_page %}bool_or({{ last_page }} is null) over (partition by {{ scope }}, _version){% else %}true{% endif %} as _is_whole
                from (
                    {% if page -%}
                    select
                        counted.*,
                        case
                            when {{ page }} is not null
                                and row_number() over (partition by {{ scope }}, _version, {{ page }} order by _delivery_id, _line) = 1 then 1
                            else 0
                        end as _is_new_page
                    from (
                    {% endif -%}
                    select updates.*, dense_rank() over (partition by {{ scope }} order by {{ version_order }}) as _version
                    from (
                        select raw_rows.*, max({{ updated }}) over (partition by {{ scope }}, _delivery_id) as _version_updated_at
                        from {{ relation }} as raw_rows
                    ) as updates
                    {% if page %}) as counted{% endif %}
                ) as ranked
            ) as versions
        ) as numbered
    ) as followed
)
{%- endmacro %}
