-- Every list of rulings in the canonical shape, as the registry says who feeds it.
{{ config(materialized='view' if target.type == 'duckdb' else 'table') }}
select * from {{ union_feeds('rulings') }} as feeds
