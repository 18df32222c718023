-- Which keys belong to one person: connected components of the evidence graph, right at any depth.
{{ config(materialized='connected_components') }}
select node_a, node_b from {{ ref('int_identity_edges') }}
