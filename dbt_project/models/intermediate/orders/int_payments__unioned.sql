-- Every payment provider's movements in the canonical shape, as the registry says who feeds it.
select * from {{ union_feeds('payments') }} as feeds
