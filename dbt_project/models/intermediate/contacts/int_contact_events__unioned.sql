-- Every channel's contact_events in the canonical shape, as the registry says who feeds it.
select * from {{ union_feeds('contact_events') }} as feeds
