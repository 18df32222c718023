-- Who came into the pond from where, and who left it why: the movements of pool_daily by source and by reason.
with stays as (

    select stays.channel, stays.holder, stays.stay_number, stays.entered_at, stays.left_at
    from {{ ref('int_pool_stays') }} as stays
    where stays.kind = 'any'

),

relations as (

    select
        coalesce(contacts.customer_id, contacts.relation_key) as holder, contacts.contact_key, contacts.channel, contacts.opened_at,
        greatest(contacts.closed_at, contacts.opened_at) as closed_at, contacts.close_reason,
        coalesce(codes.verdict, contacts.channel) as source,
        coalesce(contacts.domain, 'private') = 'private' as is_private
    from {{ ref('int_contacts') }} as contacts
    left join {{ ref('int_contacts__coded') }} as codes on contacts.contact_key = codes.contact_key
    where contacts.opened_at is not null

),

-- the relation that began a stay, and the one that ended it; of several at one moment the first by key
moves as (

    {% for move, at, relation_at, reason in [('new', 'entered_at', 'opened_at', 'source'), ('lost', 'left_at', 'closed_at', 'close_reason')] %}
    select
        '{{ move }}' as move, stays.channel, cast(stays.{{ at }} as date) as on_date, coalesce(relations.{{ reason }}, 'unknown') as reason,
        row_number() over (partition by stays.channel, stays.holder, stays.stay_number order by relations.contact_key) as place
    from stays
    left join relations
        on stays.holder = relations.holder and stays.{{ at }} = relations.{{ relation_at }}
        and (stays.channel = relations.channel or stays.channel = 'all' and relations.is_private)
    where stays.{{ at }} is not null
    {{ 'union all' if not loop.last }}
    {% endfor %}

)

select
    on_date,
    cast(channel as string) as channel,
    move,
    cast(reason as string) as reason,
    cast(count(*) as bigint) as persons
from moves
where place = 1
group by on_date, channel, move, reason
