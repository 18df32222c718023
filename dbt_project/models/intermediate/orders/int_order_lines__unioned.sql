-- Every platform's order_lines in the canonical shape, as the registry says who feeds it.
select * from {{ union_feeds('order_lines') }} as feeds
