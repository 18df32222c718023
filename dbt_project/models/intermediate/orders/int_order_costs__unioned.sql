-- Every platform's costs by order in the canonical shape, as the registry says who feeds it.
select * from {{ union_feeds('order_costs') }} as feeds
