-- Which record carries which key, over all exports that have one: the evidence of who somebody is. Rulings are no records (int_identity_rulings).
{%- set entries = [] -%}
{%- for entry in registry() if entry.identity and entry.kind != 'rulings' -%}{%- do entries.append(entry) -%}{%- endfor %}
{%- for entry in entries %}
select
    cast(record_key as string) as record_key,
    {{ hash60('cast(record_key as string)') }} as record_id,
    cast(platform as string) as platform,
    cast(export as string) as export,
    cast(key_type as string) as key_type,
    cast(key_scope as string) as key_scope,
    cast(key_token as string) as key_token,
    cast(key_class as string) as key_class,
    cast(trust as string) as trust,
    min(seen_first_at) as first_seen_at,
    max(seen_last_at) as last_seen_at,
    min(seen_first_at) as valid_from,
    case when bool_or(valid_to is null) then null else max(valid_to) end as valid_to
from (
    with rows_seen as (
        {{ identity_rows(entry) | indent(8) }}
    )

    {{ identity_evidence(entry) | indent(4) }}
) as {{ entry.platform }}__{{ entry.export }}
group by 1, 3, 4, 5, 6, 7, 8, 9
{{ next_part() if not loop.last }}
{%- else %}
select
    cast(null as string) as record_key, cast(null as bigint) as record_id, cast(null as string) as platform, cast(null as string) as export, cast(null as string) as key_type,
    cast(null as string) as key_scope, cast(null as string) as key_token, cast(null as string) as key_class, cast(null as string) as trust,
    cast(null as timestamp) as first_seen_at, cast(null as timestamp) as last_seen_at, cast(null as timestamp) as valid_from,
    cast(null as timestamp) as valid_to
from (select 1 as nothing) as nowhere
where nothing = 0
{%- endfor %}
