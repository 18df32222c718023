-- Every channel's contacts in the canonical shape, as the registry says who feeds it.
select * from {{ union_feeds('contacts') }} as feeds
