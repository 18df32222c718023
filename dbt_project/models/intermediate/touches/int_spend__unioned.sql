-- Every spend report in the canonical shape, as the registry says who feeds it.
select * from {{ union_feeds('spend') }} as feeds
