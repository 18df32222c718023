-- Customers who bring customers, and what their tree is worth. A tree is followed to a fixed depth (the platforms' own
-- limit for levels that may be rewarded is far lower); an inviter who was invited by their own invitee ends it.
{% set levels = 6 %}
with invited as (

    select inviter_customer_id as inviter, invitee_customer_id as invitee
    from (
        select
            inviter_customer_id, invitee_customer_id,
            row_number() over (partition by invitee_customer_id order by invited_at nulls last, referral_key) as place
        from {{ ref('int_referrals') }}
        where inviter_customer_id is not null and invitee_customer_id is not null and inviter_customer_id <> invitee_customer_id
    ) as first_inviters
    where place = 1

),

level_1 as (

    select inviter as root, invitee, 1 as level from invited

),

{% for level in range(2, levels + 1) %}
level_{{ level }} as (

    select above.root, invited.invitee, {{ level }} as level
    from level_{{ level - 1 }} as above
    inner join invited on above.invitee = invited.inviter and invited.invitee <> above.root

),

{% endfor %}
trees as (

    select root, invitee, min(level) as level
    from (
        {% for level in range(1, levels + 1) %}
        select root, invitee, level from level_{{ level }}{{ ' union all' if not loop.last }}
        {% endfor %}
    ) as levels
    group by 1, 2

),

bought as (

    select customer_id, sum(net_revenue_cny) as net_revenue_cny
    from {{ ref('int_purchases') }}
    where customer_id is not null
    group by 1

)

select
    trees.root as customer_id,
    -- the tree
    cast(sum(case when trees.level = 1 then 1 else 0 end) as bigint) as invitees,
    cast(count(*) as bigint) as tree_size,
    cast(max(trees.level) as bigint) as depth,
    cast(sum(case when trees.level = 1 and theirs.customer_id is not null then 1 else 0 end) as bigint) as buyers,
    -- what it brought
    cast(coalesce(sum(theirs.net_revenue_cny), 0) as decimal(18, 2)) as tree_net_revenue_cny,
    cast(coalesce(max(own.net_revenue_cny), 0) as decimal(18, 2)) as own_net_revenue_cny,
    coalesce(max(case when customers.is_koc then 1 else 0 end), 0) = 1 as is_koc
from trees
left join bought as theirs on trees.invitee = theirs.customer_id
left join bought as own on trees.root = own.customer_id
left join {{ ref('dim_customers') }} as customers on trees.root = customers.customer_id
group by 1
