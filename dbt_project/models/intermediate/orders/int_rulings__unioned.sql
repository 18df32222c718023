-- Every list of rulings in the canonical shape, as the registry says who feeds it.
{{ config(materialized='view') }}
select * from {{ union_feeds('rulings') }} as feeds
