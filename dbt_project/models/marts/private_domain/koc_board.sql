-- Customers who bring customers, and what their tree is worth. A tree is followed to a fixed depth (the platforms' own limit for
-- levels that may be rewarded is far lower). Trees lie within trees: only what was brought directly adds up.
{% set levels = var('referral_levels') %}
with invited as (

    select inviter, invitee from {{ ref('int_invitations') }} where verdict = 'counts'

),

level_1 as (

    select inviter as root, invitee, 1 as level from invited

),

{% for level in range(2, levels + 1) %}
level_{{ level }} as (

    select above.root, invited.invitee, {{ level }} as level
    from level_{{ level - 1 }} as above
    inner join invited on above.invitee = invited.inviter

),

{% endfor %}
trees as (

    {% for level in range(1, levels + 1) %}
    select root, invitee, level from level_{{ level }}{{ ' union all' if not loop.last }}
    {% endfor %}

),

bought as (

    select customer_id, sum(net_revenue_cny) as net_revenue_cny
    from {{ ref('int_purchases') }}
    where customer_id is not null
    group by 1

),

-- who is paid or stocks up to bring others is no customer who recommends: agents, staff, creators who were sent samples
in_trade as (

    select distinct customer_id
    from {{ ref('int_orders') }}
    where customer_id is not null and is_paid and order_class in ('agent', 'staff', 'seeding')

),

cut as (

    select
        inviter,
        sum(case when verdict = 'self' then 1 else 0 end) as self_invitations,
        sum(case when verdict = 'circle' then 1 else 0 end) as circle_invitations
    from {{ ref('int_invitations') }}
    group by 1

),

-- who has only cut invitations stands here with an empty tree, so that what was cut is told
inviters as (

    select root from trees
    union
    select inviter from cut where self_invitations + circle_invitations > 0

),

summed as (

    select
        inviters.root as customer_id,
        sum(case when trees.level = 1 then 1 else 0 end) as invitees,
        count(trees.invitee) as tree_size,
        coalesce(max(trees.level), 0) as depth,
        sum(case when trees.level = 1 and theirs.customer_id is not null then 1 else 0 end) as buyers,
        coalesce(sum(theirs.net_revenue_cny), 0) as tree_net_revenue_cny,
        coalesce(sum(case when trees.level = 1 then theirs.net_revenue_cny end), 0) as direct_net_revenue_cny
    from inviters
    left join trees on inviters.root = trees.root
    left join bought as theirs on trees.invitee = theirs.customer_id
    group by 1

)

select
    summed.customer_id,
    -- the tree
    cast(summed.invitees as bigint) as invitees,
    cast(summed.tree_size as bigint) as tree_size,
    cast(summed.depth as bigint) as depth,
    cast(summed.buyers as bigint) as buyers,
    -- what it brought
    cast(summed.tree_net_revenue_cny as decimal(18, 2)) as tree_net_revenue_cny,
    cast(summed.direct_net_revenue_cny as decimal(18, 2)) as direct_net_revenue_cny,
    cast(coalesce(own.net_revenue_cny, 0) as decimal(18, 2)) as own_net_revenue_cny,
    own.customer_id is not null and summed.buyers > 0 as is_koc,
    -- what was cut
    cast(coalesce(cut.self_invitations, 0) as bigint) as self_invitations,
    cast(coalesce(cut.circle_invitations, 0) as bigint) as circle_invitations
from summed
left join bought as own on summed.customer_id = own.customer_id
left join cut on summed.customer_id = cut.inviter
left join in_trade on summed.customer_id = in_trade.customer_id
where in_trade.customer_id is null
