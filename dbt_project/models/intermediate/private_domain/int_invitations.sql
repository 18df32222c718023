-- Every invitation and whether it counts: one inviter per person, the first in time; nobody invites themselves; and of invitations
-- that run in a circle the last in time is cut, so that what is left are trees. Circles of more people than the levels that
-- a tree is followed do no harm there.
{% set levels = var('referral_levels') %}
with dated as (

    select
        referral_key, inviter_customer_id as inviter, invitee_customer_id as invitee, invited_at,
        row_number() over (order by invited_at nulls last, referral_key) as seq
    from {{ ref('int_referrals') }}
    where inviter_customer_id is not null and invitee_customer_id is not null

),

placed as (

    select
        dated.*,
        inviter = invitee as is_self,
        row_number() over (partition by invitee order by case when inviter = invitee then 2 else 1 end, seq) as place
    from dated

),

firsts as (

    select * from placed where place = 1 and not is_self

),

-- up from the inviter to the inviter's inviter, as far as a tree is followed
walked as (

    select
        firsts.referral_key,
        case
            {% for level in range(1, levels) -%}
            when up_{{ level }}.inviter = firsts.invitee then {% for step in range(1, level + 1) %}firsts.seq > up_{{ step }}.seq{{ ' and ' if not loop.last }}{% endfor %}
            {% endfor -%}
            else false
        end as closes_circle
    from firsts
    {% for level in range(1, levels) -%}
    left join firsts as up_{{ level }} on {{ 'firsts' if loop.first else 'up_' ~ (level - 1) }}.inviter = up_{{ level }}.invitee
    {% endfor %}
)

select
    placed.referral_key,
    placed.inviter,
    placed.invitee,
    placed.invited_at,
    case
        when placed.is_self then 'self'
        when placed.place > 1 then 'later'
        when walked.closes_circle then 'circle'
        else 'counts'
    end as verdict
from placed
left join walked on placed.referral_key = walked.referral_key
