-- Every channel's own touch feeds in the canonical shape, as the registry says who feeds it.
select * from {{ union_feeds('touches') }} as feeds
