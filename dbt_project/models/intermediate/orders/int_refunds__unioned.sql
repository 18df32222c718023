-- Every platform's refunds in the canonical shape, as the registry says who feeds it.
select * from {{ union_feeds('refunds') }} as feeds
