-- Who brought whom. The inviter is known by a key, not by a record: both on one record would be taken for one person.
select
    referrals.referral_key,
    referrals.invited_at,
    referrals.campaign,
    referrals.reward_cny,
    inviters.customer_id as inviter_customer_id,
    invitees.customer_id as invitee_customer_id
from {{ union_feeds('referrals') }} as referrals
left join {{ ref('int_record_customers') }} as invitees on referrals.record_key = invitees.record_key
left join {{ ref('int_identity_nodes') }} as nodes
    on referrals.inviter_key_type = nodes.key_type and referrals.inviter_key_scope = nodes.key_scope
    and referrals.inviter_key_token = nodes.key_token
left join {{ ref('int_identity_persons') }} as components on nodes.node_id = components.node_id
left join {{ ref('int_customers') }} as inviters on components.component = inviters.component
