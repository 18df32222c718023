-- A brand small enough to be computed by hand, as canonical relations; today is 2026-10-31.
-- 40 old customers give the price list: A1–A20 bought once on 2025-08-01, and A1–A5 again for 60, in the room of anchor2; B1–B20 bought
-- on two days, five of them the second time in the brand's mall, and all again for 20 and for 30. Three whom nobody knows were in a
-- group for 40, 100 and 395 days and never agreed to be written to. p1, p2 and p3 come into the pond in August and September, p4 only
-- by SMS, and somebody nobody knows; in October p1's friend g1 hands p1 over to g2.
-- Every order costs 60 % of its net revenue in goods.
create or replace table raw.lake__context as select * replace (date '2026-10-31' as as_of_on) from raw.lake__context;
insert into intermediate.int_products__unioned by name select 'c' as product_code, '面膜' as product_group;
-- a published prediction speaks of the build's day alone
create or replace view analytics.customer_predictions as
select 'p1' as customer_id, 200.00 as predicted_365d_cny, 100.00 as predicted_low_cny, 300.00 as predicted_high_cny;

create temp table sold as
select
    'jd:a' || number as order_key, 'jd' as platform, 'jd_shop' as entry_channel, 'public' as domain, 'A' || number as customer_id,
    timestamp '2025-08-01 12:00:00' as paid_at, 100 as net, cast(null as varchar) as traffic_channel, cast(null as varchar) as anchor
from range(1, 21) as old (number)
union all select 'jd:aa' || number, 'jd', 'jd_shop', 'public', 'A' || number, timestamp '2026-03-01 12:00:00', 60, 'jd_shop', 'anchor2' from range(1, 6) as old (number)
union all select 'jd:b' || number, 'jd', 'jd_shop', 'public', 'B' || number, timestamp '2025-07-31 12:00:00', 100, null, null from range(1, 21) as old (number)
union all select 'jd:bb' || number, 'jd', 'jd_shop', 'public', 'B' || number, timestamp '2025-08-01 12:00:00', 100, null, null from range(6, 21) as old (number)
union all select 'youzan:bb' || number, 'youzan', 'youzan_shop', 'private', 'B' || number, timestamp '2025-08-01 12:00:00', 100, null, null from range(1, 6) as old (number)
union all select 'jd:bbb' || number, 'jd', 'jd_shop', 'public', 'B' || number, timestamp '2026-03-01 12:00:00', 20, null, null from range(1, 21) as old (number)
union all select 'jd:bbbb' || number, 'jd', 'jd_shop', 'public', 'B' || number, timestamp '2026-09-15 12:00:00', 30, null, null from range(1, 21) as old (number)
union all from (values
    ('taobao:o1', 'taobao', 'taobao_shop', 'public', 'p1', timestamp '2026-08-10 10:00:00', 100, null, null),
    ('taobao:o2', 'taobao', 'taobao_shop', 'public', 'p3', timestamp '2026-08-05 10:00:00', 120, null, null),
    ('douyin:u1', 'douyin', 'douyin_live', 'public', null, timestamp '2026-08-20 10:00:00', 80, 'douyin_kol', 'anchor1'),
    ('youzan:o3', 'youzan', 'youzan_shop', 'private', 'p1', timestamp '2026-09-05 10:00:00', 80, null, null)
) as named;

insert into intermediate.int_orders by name
select
    order_key, platform, case when platform = 'taobao' then 'flagship' end as shop, entry_channel, domain, customer_id, paid_at, paid_at as ordered_at, paid_at as converted_at,
    paid_at + interval 1 day as shipped_at, cast(paid_at as date) + 30 as refund_matures_on, 'completed' as order_status,
    'consumer_sale' as order_class, true as is_paid, false as traffic_pending, net as receivable_cny, net as net_revenue_cny, 'known' as net_status,
    net * 0.4 as contribution_cny, traffic_channel, anchor as traffic_creator, case when anchor is not null then 'live_view' end as traffic_type,
    case when customer_id is not null then row_number() over (partition by customer_id order by paid_at) end as customer_order_number
from sold;
insert into intermediate.int_order_costs by name
select order_key, 'cogs' as cost_type, 'settled' as basis, cast(paid_at as date) as incurred_on, net * 0.6 as amount_cny from sold;
insert into intermediate.int_order_costs by name 
select 'youzan:o3' as order_key, 'guide_commission' as cost_type, 'settled' as basis, date '2026-09-05' as incurred_on, 0.00 as amount_cny;
insert into intermediate.int_order_lines by name select 'taobao:o1' as order_key, 'l1' as line_key, 'c' as product_code, 100 as line_net_cny;
insert into intermediate.int_customers by name select distinct customer_id from sold where customer_id is not null union select unnest(['p2', 'p4']);
insert into intermediate.int_customer_orders by name select customer_id, count(*) as paid_orders from sold where customer_id is not null group by 1;
insert into intermediate.int_members by name select 'm' as record_key, 'p1' as customer_id, 'gold' as level, 5 as birth_month;

insert into intermediate.int_contacts by name
select
    key as contact_key, 'r' || key as relation_key, customer_id, channel, 'private' as domain, account, staff_id, case when staff_id is null then 'brand' else 'staff' end as holder_type,
    opened_at, closed_at, close_reason, coalesce(close_reason, 'transferred') <> 'transferred' as is_lost, key = 'k7' as is_reassigned, add_way, source_code,
    case when key like 'q%' then 'no' else 'yes' end as consent, closed_at is null and channel <> 'sms' as is_reachable, channel = 'sms' as is_reachable_paid
from (values
    ('k1', 'p1', 'wecom_friend', 'corp', 'g1', timestamp '2026-08-12 10:00:00', timestamp '2026-10-10 09:00:00', 'transferred', '1', 'card'),
    ('k2', 'p2', 'wecom_friend', 'corp', 'g1', timestamp '2026-08-15 10:00:00', timestamp '2026-09-10 14:00:00', 'closed_by_customer', '3', null),
    ('k3', 'p1', 'oa', 'gh', null, timestamp '2026-08-20 10:00:00', null, null, null, null),
    ('k4', 'p3', 'wecom_group', 'corp', 'g1', timestamp '2026-09-02 10:00:00', timestamp '2026-10-05 10:00:00', 'absent', null, null),
    ('k5', null, 'oa', 'gh', null, timestamp '2026-09-03 10:00:00', null, null, null, 'store'),
    ('k6', 'p4', 'sms', null, null, timestamp '2026-09-01 10:00:00', null, null, null, null),
    ('k7', 'p1', 'wecom_friend', 'corp', 'g2', timestamp '2026-10-10 09:00:00', null, null, '202', null),
    ('q1', null, 'wecom_group', 'corp', null, timestamp '2025-06-01 10:00:00', timestamp '2025-07-11 10:00:00', 'absent', null, null),
    ('q2', null, 'wecom_group', 'corp', null, timestamp '2025-06-01 10:00:00', timestamp '2025-09-09 10:00:00', 'absent', null, null),
    ('q3', null, 'wecom_group', 'corp', null, timestamp '2025-06-01 10:00:00', timestamp '2026-07-01 10:00:00', 'absent', null, null)
) as held (key, customer_id, channel, account, staff_id, opened_at, closed_at, close_reason, add_way, source_code);
insert into intermediate.int_contacts__coded by name select 'k1' as contact_key, 'parcel_card' as verdict union all select 'k5', 'store';

-- figures without a person: two live rooms at one time, what colleagues sent, how many follow
insert into intermediate.int_metrics by name
select
    row_number() over () || metric as metric_key, cast(told_at as date) as on_date, told_at as session_at, platform, '' as account, object_type,
    object_id, metric, value
from (values
    ('douyin', 'live_session', 'anchor3', timestamp '2026-08-20 09:00:00', 'duration_minutes', 120),
    ('douyin', 'live_session', 'anchor3', timestamp '2026-08-20 09:00:00', 'viewers', 1000),
    ('douyin', 'live_session', 'anchor3', timestamp '2026-08-20 09:00:00', 'comments', 30),
    ('douyin', 'live_session', 'anchor3', timestamp '2026-08-20 09:00:00', 'new_fans', 12),
    ('douyin', 'live_session', 'anchor3', timestamp '2026-08-20 09:00:00', 'live_club_joined', 5),
    ('douyin', 'live_session', 'anchor3', timestamp '2026-08-20 09:00:00', 'shopping_club_joined', 3),
    ('douyin', 'live_session', 'anchor1', timestamp '2026-08-20 09:30:00', 'duration_minutes', 60),
    ('douyin', 'account', 'brand', timestamp '2026-10-01 00:00:00', 'followers', 5000),
    ('wechat_oa', 'account', 'gh', timestamp '2026-09-30 00:00:00', 'followers', 900),
    ('wecom', 'staff', 'g1', timestamp '2026-09-05 00:00:00', 'messages', 12),
    ('wecom', 'staff', 'g1', timestamp '2026-09-05 00:00:00', 'reply_rate', 0.75)
) as told (platform, object_type, object_id, told_at, metric, value);

insert into intermediate.int_touches by name
select
    key as touch_key, customer_id, order_key, happened_at as touched_at, channel, domain, campaign, content, touch_type, evidence,
    touch_type not in ('sent', 'coupon_issued', 'redeem') as is_eligible
from (values
    ('contact:k1', 'p1', null, timestamp '2026-08-12 10:00:00', 'parcel_card', 'private', null, 'g1', 'add', 'code'),
    ('contact:k2', 'p2', null, timestamp '2026-08-15 10:00:00', 'wecom_friend', 'private', null, 'g1', 'add', 'person'),
    ('contact:k3', 'p1', null, timestamp '2026-08-20 10:00:00', 'oa', 'private', null, null, 'follow', 'person'),
    ('contact:k4', 'p3', null, timestamp '2026-09-02 10:00:00', 'wecom_group', 'private', null, 'g1', 'join', 'person'),
    ('t1', 'p1', null, timestamp '2026-09-01 10:00:00', 'wecom_friend', 'private', null, null, 'reply', 'person'),
    ('t2', 'p1', null, timestamp '2026-09-09 15:00:00', 'wecom_friend', 'private', 'm1', 'g1', 'sent', 'person'),
    ('t3', 'p2', null, timestamp '2026-09-09 15:00:00', 'wecom_friend', 'private', 'm1', 'g1', 'sent', 'person'),
    ('t4', 'p1', null, timestamp '2026-08-11 09:00:00', 'member', 'private', 'spring', 'b1', 'coupon_issued', 'person'),
    ('t5', 'p1', null, timestamp '2026-09-05 10:00:00', 'member', 'private', 'spring', 'b1', 'redeem', 'person'),
    ('t7', 'p1', null, timestamp '2026-09-20 10:00:00', 'oa', 'private', 'm2', null, 'sent', 'person'),
    ('t8', 'p3', null, timestamp '2026-08-04 10:00:00', 'referral', 'private', null, null, 'click', 'person'),
    ('t6', 'p3', null, timestamp '2026-09-01 10:00:00', 'mini_program', 'private', 'spring', 'b1', 'claim', 'person'),
    ('order:douyin:u1', null, 'douyin:u1', timestamp '2026-08-20 10:00:00', 'douyin_kol', 'public', null, 'anchor1', 'live_view', 'order_field')
) as done (key, customer_id, order_key, happened_at, channel, domain, campaign, content, touch_type, evidence);

insert into intermediate.int_spend by name
select 's' || channel as spend_key, date '2026-08-01' as on_date, channel, cost_type, cost_cny, true as is_total_level
from (values ('parcel_card', 'red_packet', 20), ('wecom_friend', 'staff', 62)) as paid (channel, cost_type, cost_cny);
insert into intermediate.int_referrals by name
select key as referral_key, inviter as inviter_customer_id, invitee as invitee_customer_id, happened_at as invited_at
from (values ('x1', 'p1', 'p3', timestamp '2026-08-04'), ('x2', 'p3', 'p1', timestamp '2026-08-06'), ('x3', 'p1', 'p1', timestamp '2026-08-07'),
    ('x4', 'p3', 'p2', timestamp '2026-08-14')) as invited (key, inviter, invitee, happened_at);
insert into intermediate.int_service by name
select 'c1' as service_key, 'taobao:o2' as order_key, 'p3' as customer_id, 'complaint' as service_kind, 'resolved' as outcome, timestamp '2026-08-07 10:00:00' as happened_at;
insert into intermediate.int_service by name
select 'c2' as service_key, 'jd:aa1' as order_key, 'A1' as customer_id, 'review' as service_kind, 'negative' as outcome, timestamp '2026-03-09 10:00:00' as happened_at;
insert into intermediate.int_refunds by name
select 'r1' as refund_key, 'youzan:o3' as order_key, 'refund_only' as refund_kind, 5 as amount_cny, true as is_succeeded;
