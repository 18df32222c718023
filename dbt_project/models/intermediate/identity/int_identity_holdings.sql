-- Which keys may never meet in one person: of a family nobody holds two. Keys of a kind that is one per person are a family per scope; the keys that
-- a person ruled to be different people's are a family of their own, which no other ruling overrides.
select
    node_id,
    key_type || '|' || key_scope as family,
    false as is_by_ruling
from {{ ref('int_identity_nodes') }}
where is_one_per_person
union all
select distinct
    nodes.node_id,
    'ruling|' || rulings.ruling_key,
    true
from {{ ref('int_identity_rulings') }} as rulings
inner join {{ ref('int_identity_nodes') }} as nodes
    on rulings.key_type = nodes.key_type and rulings.key_scope = nodes.key_scope and rulings.key_token = nodes.key_token
where rulings.verdict = 'different'
