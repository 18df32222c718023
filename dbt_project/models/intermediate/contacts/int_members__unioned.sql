-- Every system's members in the canonical shape, as the registry says who feeds it.
select * from {{ union_feeds('members') }} as feeds
