-- How many buyers each customer brought, by referral; who brings a buyer and buys is a KOC (关键意见消费者).
select
    referrals.inviter_customer_id as customer_id,
    cast(count(distinct referrals.invitee_customer_id) as bigint) as invitees,
    cast(count(distinct case when orders.paid_orders > 0 then referrals.invitee_customer_id end) as bigint) as brought_buyers
from {{ ref('int_referrals') }} as referrals
left join {{ ref('int_customer_orders') }} as orders on referrals.invitee_customer_id = orders.customer_id
where referrals.inviter_customer_id is not null and referrals.inviter_customer_id <> coalesce(referrals.invitee_customer_id, '')
group by referrals.inviter_customer_id
