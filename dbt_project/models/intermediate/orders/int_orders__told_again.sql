-- What the other system knows of a sale that two systems tell, and the one that stands may not: the order's own traffic fields, memo tags, a ruling.
with ranked as (

    select
        orders.*,
        {{ place_among_records() }} as place
    from {{ ref('int_orders__unioned') }} as orders

),

twins as (

    select
        doubled.kept_order_key, ranked.order_key, ranked.memo_tags,
        ranked.traffic_channel, ranked.traffic_campaign, ranked.traffic_content, ranked.traffic_creator, ranked.traffic_type,
        ranked.creator_id, ranked.creator_name,
        rulings.verdict,
        row_number() over (
            partition by doubled.kept_order_key
            order by
                case when rulings.verdict is not null then 1 else 2 end, case when ranked.traffic_channel is not null then 1 else 2 end,
                ranked.order_key
        ) as place
    from {{ ref('int_orders__doubled') }} as doubled
    inner join ranked on doubled.order_key = ranked.order_key and ranked.place = 1
    left join {{ ref('int_rulings') }} as rulings on rulings.ruling_kind = 'order_class' and rulings.subject = ranked.order_key
    where doubled.kept_order_key is not null

)

select
    kept_order_key as order_key,
    order_key as twin_order_key,
    memo_tags, traffic_channel, traffic_campaign, traffic_content, traffic_creator, traffic_type, creator_id, creator_name, verdict
from twins
where place = 1
