-- The brand's own product files in the canonical shape, as the registry says who feeds it.
select * from {{ union_feeds('products') }} as feeds
