-- What the brand's people ruled, with who, when and why: the newest ruling per kind, subject and first day. A later file that withdraws a ruling takes it
-- out of here, so nothing below remembers it. Several identity rulings may speak of one key: each stands by itself.
with ranked as (

    select
        rulings.*,
        row_number() over (
            partition by ruling_kind, subject, valid_from, case when ruling_kind like 'identity_%' then ruling_key end
            order by ruled_on desc nulls last, ruling_key desc
        ) as place
    from {{ ref('int_rulings__unioned') }} as rulings

)

select ruling_key, ruling_kind, subject, verdict, detail, reason, ruled_by, ruled_on, valid_from, valid_to
from ranked
where place = 1
