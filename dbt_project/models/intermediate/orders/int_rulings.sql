-- What the brand's people ruled, newest ruling per kind, subject and first day: classes of orders, meanings of channel codes, promotions.
with ranked as (

    select
        rulings.*,
        row_number() over (partition by ruling_kind, subject, valid_from order by ruled_on desc nulls last, ruling_key desc) as place
    from {{ union_feeds('rulings') }} as rulings

)

select ruling_key, ruling_kind, subject, verdict, detail, reason, ruled_by, ruled_on, valid_from, valid_to
from ranked
where place = 1
