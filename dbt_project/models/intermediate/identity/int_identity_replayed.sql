-- Components that held a conflict, linked again strongest evidence first; a link that would give somebody two keys of one family is refused.
{{ config(materialized='conflict_replay') }}
with replayed_keys as (

    select distinct node_a as node_id, component from {{ ref('int_identity_links') }}
    union
    select distinct node_b, component from {{ ref('int_identity_links') }}

)

select component, link_number, node_a, node_b, is_ruled, leaf_id, cast(null as string) as family
from {{ ref('int_identity_links') }}
union all
select replayed_keys.component, null, holdings.node_id, null, holdings.is_by_ruling, null, holdings.family
from {{ ref('int_identity_holdings') }} as holdings
inner join replayed_keys on holdings.node_id = replayed_keys.node_id
