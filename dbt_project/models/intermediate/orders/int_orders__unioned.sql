-- Every platform's orders in the canonical shape, as the registry says who feeds it.
select * from {{ union_feeds('orders') }} as feeds
