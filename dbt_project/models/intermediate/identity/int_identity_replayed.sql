-- Components that held a conflict, linked again strongest evidence first; a link that would give somebody two such keys is refused.
{{ config(materialized='conflict_replay') }}
select component, link_number, node_a, node_b, family_a, family_b, leaf_id from {{ ref('int_identity_links') }}
