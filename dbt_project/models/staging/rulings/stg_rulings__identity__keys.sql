-- The keys that identity rulings in force speak of, tokens copied from identity_review without a type. One row per ruling and key.
with in_force as (

    select
        versions.*,
        case verdict when 'same' then 'link' else verdict end as ruled_verdict
    from {{ newest('rulings', 'identity') }} as versions
    where is_current and status <> 'withdrawn' and verdict in ('same', 'different', 'blocked')

)

{% for key in registered('rulings', 'identity').identity -%}
select
    _record_key as ruling_key, ruled_verdict as verdict, ruled_on,
    '{{ key.type }}' as key_type, {{ key.column }}_scope as key_scope, {{ key.column }} as key_token
from in_force
where {{ key.column }} is not null and {{ key.column }}_class = 'ok' and {{ key.column }}_scope is not null
union all
{% endfor -%}
select _record_key, ruled_verdict, ruled_on, cast(null as string), cast(null as string), key_token
from in_force
where key_token is not null
union all
select _record_key, ruled_verdict, ruled_on, cast(null as string), cast(null as string), other_key_token
from in_force
where other_key_token is not null
