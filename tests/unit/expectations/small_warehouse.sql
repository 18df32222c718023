-- A warehouse of a handful of rows in which every expectation of expectations/suites holds. Three orders of two customers and one
-- order of nobody; one touch, one contact, one cost.
create schema raw;
create schema seeds;
create schema intermediate;
create schema customer;
create schema attribution;
create schema ltv;
create schema quality;
create schema private_domain;

create table raw.lake__context as select date '2026-09-30' as as_of_on, true as is_sample, 'set' as delivery_set;
create table seeds.channels as select unnest(['douyin_live', 'wecom_friend']) as channel;
create table seeds.touch_types as select unnest(['click', 'add']) as touch_type;
create table seeds.identity_key_types as
select * from (values ('phone', false), ('unionid', false), ('order_id', true)) as types (key_type, is_bridge);

create table intermediate.int_orders as
select
    order_key, platform, customer_id, 'completed' as order_status, order_class, is_paid, ordered_at,
    case when order_key = 'taobao:2' then ordered_at end as deposit_paid_at,
    case when is_paid then ordered_at end as paid_at, case when is_paid then ordered_at end as converted_at,
    receivable_cny as buyer_paid_cny, receivable_cny, refunded_cny, cast(null as varchar) as money_flag,
    case when is_paid then receivable_cny - refunded_cny else 0 end as net_revenue_cny,
    case when is_paid then 'known' else 'unpaid' end as net_status,
    case when customer_id is not null and is_paid then row_number() over (partition by customer_id order by ordered_at) end as customer_order_number
from (values
    ('taobao:1', 'taobao', 'c1', 'consumer_sale', true, timestamp '2026-08-01 10:00:00', 100.00::decimal(18, 2), 0.00::decimal(18, 2)),
    ('taobao:2', 'taobao', 'c1', 'consumer_sale', true, timestamp '2026-09-02 10:00:00', 80.00, 30.00),
    ('youzan:3', 'youzan', 'c2', 'consumer_sale', true, timestamp '2026-09-03 10:00:00', 60.00, 0.00),
    ('douyin:4', 'douyin', null, 'consumer_sale', true, timestamp '2026-09-04 10:00:00', 40.00, 0.00),
    ('taobao:5', 'taobao', 'c2', 'consumer_sale', false, timestamp '2026-09-05 10:00:00', 20.00, 0.00)
) as given (order_key, platform, customer_id, order_class, is_paid, ordered_at, receivable_cny, refunded_cny);

create table intermediate.int_order_lines as
select order_key, order_key || ':1' as line_key, 1::bigint as quantity, net_revenue_cny as line_net_cny from intermediate.int_orders;
create table intermediate.int_refunds as
select 'r1' as refund_key, 'taobao:2' as order_key, 'refund_only' as refund_kind, 30.00::decimal(18, 2) as amount_cny, true as is_succeeded;
create table intermediate.int_identity_keys as
select
    'taobao/orders||' || number as record_key, 'taobao' as platform, 'orders' as export, key_type, 'global' as key_scope,
    key_token, 'ok' as key_class, 'account' as trust, timestamp '2026-08-01' as first_seen_at, timestamp '2026-09-01' as last_seen_at,
    timestamp '2026-08-01' as valid_from, cast(null as timestamp) as valid_to
from (values (1, 'phone', sha256('1')), (1, 'order_id', '1'), (2, 'unionid', sha256('2'))) as given (number, key_type, key_token);
create table intermediate.int_touches as
select
    't1' as touch_key, 'c1' as customer_id, cast(null as varchar) as order_key, timestamp '2026-07-31' as touched_at,
    'wecom_friend' as channel, 'private' as domain, 'add' as touch_type, 'person' as evidence, true as is_eligible;
create table intermediate.int_spend as
select
    's1' as spend_key, date '2026-08-01' as on_date, 'douyin_live' as channel, 10.00::decimal(18, 2) as cost_cny, 100::bigint as impressions,
    10::bigint as clicks, 1::decimal(18, 8) as platform_conversions, 'staff' as cost_type, true as is_total_level;
create table intermediate.int_contacts as
select
    'k' || closes as contact_key, 'k' as relation_key, 'c1' as customer_id, 'staff' as holder_type, 'g1' as staff_id, opened_at, closed_at,
    closed_at is null as is_reachable, false as is_reachable_paid, '1' as add_way
from (values (0, timestamp '2026-07-01', timestamp '2026-07-10'), (1, timestamp '2026-07-31', null)) as given (closes, opened_at, closed_at);

create table customer.fct_orders as from intermediate.int_orders;
create table customer.fct_order_lines as select *, '甲' as item_title from intermediate.int_order_lines;
create table customer.fct_refunds as from intermediate.int_refunds;
create table customer.dim_customers as
select customer_id, count(*) filter (where is_paid) as paid_orders, sum(net_revenue_cny) as net_revenue_cny,
    min(ordered_at) as first_order_at, max(ordered_at) as last_order_at
from intermediate.int_orders where customer_id is not null group by 1;
create table customer.customer_keys as
select customer_id, key_type, key_scope, key_token, trust, first_seen_at, last_seen_at, valid_from, valid_to
from (values ('c1', 'phone', sha256('1')), ('c2', 'unionid', sha256('2'))) as owners (customer_id, key_type, key_token)
join intermediate.int_identity_keys using (key_type, key_token);
create table customer.dim_calendar as
select cast(day as date) as on_date, cast(null as varchar) as promo, cast(null as varchar) as phase
from range(date '2026-01-01', date '2027-01-01', interval 1 day) as days (day);

create table attribution.fct_touches as from intermediate.int_touches;
create table attribution.fct_attribution as
select
    order_key, customer_id, model, model as applied_model, case when order_key = 'taobao:1' then 't1' end as touch_key,
    case when order_key = 'taobao:1' then timestamp '2026-07-31' end as touched_at,
    case when order_key = 'taobao:1' then 'wecom_friend' when customer_id is null then 'unidentified' else 'no_touch' end as channel,
    cast(1 as decimal(9, 8)) as credit, net_revenue_cny as attributed_revenue_cny, cast(paid_at as date) as paid_on
from intermediate.int_orders cross join (values ('first'), ('last')) as models (model)
where is_paid;
create table attribution.dim_channels as
select channel, 'private' as domain, 'person' as observability from seeds.channels;
create table attribution.channel_daily as
select paid_on as on_date, channel, model, 0.00::decimal(18, 2) as spend_cny, cast(sum(credit) as decimal(28, 8)) as credited_orders,
    cast(sum(attributed_revenue_cny) as decimal(18, 2)) as credited_revenue_cny, cast(null as varchar) as why_null
from attribution.fct_attribution group by 1, 2, 3;
create table attribution.conversion_paths as
select channel as path, count(*) as orders, sum(attributed_revenue_cny) as revenue_cny
from attribution.fct_attribution where model = 'last' group by 1;
create table attribution.channel_effects as
select 'person' as observability, 'count' as weighed_by, 'markov_1' as method, channel, effect_index, 0.2::decimal(9, 8) as low,
    0.8::decimal(9, 8) as high, cast(null as varchar) as why_null
from (values ('oa', 0.6::decimal(9, 8)), ('sms', 0.4::decimal(9, 8))) as found (channel, effect_index);
create table attribution.domain_flows as
select channel as acquired_channel, 'none' as private_channel, 'direct' as order_channel, count(*) as orders,
    sum(attributed_revenue_cny) as net_revenue_cny
from attribution.fct_attribution where model = 'last' group by 1;

create table attribution.presale_daily as
select date '2026-09-02' as on_date, 'taobao' as platform, 's' as shop, 1::bigint as deposits, 1::bigint as balances_paid, 0::bigint as forfeited,
    0::bigint as cancelled, 0::bigint as open_balances, 60.00::decimal(18, 2) as balance_paid_cny, 1::bigint as balances_received,
    60.00::decimal(18, 2) as balance_received_cny;
create table attribution.campaign_results as
select 'send' as campaign_kind, 'sms' as channel, '' as account, 's' as campaign, 10::bigint as audience, 9::bigint as sent, 1::bigint as failed,
    2::bigint as responded, 3::bigint as buyers_7d, 1::bigint as exits_48h, 40::bigint as holdout, 0.1::decimal(18, 8) as lift_rate,
    -0.1::decimal(18, 8) as lift_low, 0.3::decimal(18, 8) as lift_high, cast(null as varchar) as why_null;

create table ltv.customer_ltv as
select customer_id, net_revenue_cny as observed_total_cny, 0.5::decimal(9, 8) as p_alive, 2.00::decimal(18, 2) as predicted_365d_cny,
    1.00::decimal(18, 2) as predicted_low_cny, 3.00::decimal(18, 2) as predicted_high_cny, 'bg_nbd and gamma_gamma' as prediction_model
from customer.dim_customers;
create table ltv.ltv_backtest as
select 'bg_nbd' as model, cutoff_on, 'value' as target, 'mae' as metric, 2.0::decimal(28, 8) as value, 'last_period' as baseline,
    3.0::decimal(28, 8) as baseline_value, true as beats_baseline, cast(null as varchar) as why_null
from (values (date '2026-06-01'), (date '2026-07-01')) as days (cutoff_on);
create table ltv.lifetime_parameters as
select model, parameter, 0.5::decimal(28, 8) as value, model = 'bg_nbd' as is_published
from (values ('bg_nbd', 'r'), ('bg_nbd', 'alpha'), ('mbg_nbd', 'r')) as given (model, parameter);
create table ltv.cohort_ltv as
select date '2026-08-01' as cohort_month, coalesce(customer_id, 'unidentified') as acquisition_channel, 0::bigint as age_month,
    count(*) as orders, sum(net_revenue_cny) as net_revenue_cny, 1::decimal(9, 8) as purchase_retention_rate,
    1::decimal(18, 2) as cumulative_per_customer_cny, true as is_mature
from customer.fct_orders where is_paid group by 1, 2;
create table ltv.channel_economics as
select date '2026-08-01' as month, channel, level, 'last' as model, 10.00::decimal(18, 2) as spend_cny, 10.00::decimal(18, 2) as cac_cny,
    30.00::decimal(18, 2) as value_per_customer_cny,
    1 as payback_low_months, 2 as payback_months, 3 as payback_high_months, 'reached' as payback_status, cast(null as varchar) as why_null
from (values ('douyin_live', 'channel'), ('all:public', 'domain'), ('all', 'all')) as given (channel, level);
create table ltv.payback_curve as
select month, channel, model, age_month, 2::decimal(28, 8) as new_customers, 40.00::decimal(18, 2) as net_revenue_per_customer_cny,
    20.00 + 10 * age_month as value_per_customer_cny, 10.00 + 10 * age_month as value_low_cny, 30.00 + 10 * age_month as value_high_cny, true as is_mature
from ltv.channel_economics cross join range(2) as ages (age_month);
create table ltv.product_performance as
select 'p1' as product_key, 0.5::decimal(9, 8) as repurchase_rate_90d, 0.1::decimal(9, 8) as given_back_rate,
    1::decimal(9, 8) as identified_revenue_share, 2 as first_buyers, cast(null as varchar) as why_null;

create table quality.deliveries as
select 'd1' as delivery_id, 'taobao' as source, 'orders' as export, 'loaded' as status, cast(null as varchar) as reason,
    3::bigint as rows_in_file, 2::bigint as rows_loaded, 1::bigint as rows_quarantined, 0::bigint as rows_skipped;
create table quality.quarantine as
select 'd1' as delivery_id, 2::bigint as line_number, 'amount: not a number' as reason, '汉汉 99.9' as shape;
create table quality.coverage as
select date '2026-09-30' as on_date, 'taobao' as source, 'orders' as export, true as is_required, true as is_expected, true as is_arrived;
create table quality.revenue_bridge as
select cast(date_trunc('month', paid_at) as date) as month, platform, step, sum(amount_cny) as amount_cny
from customer.fct_orders
cross join lateral (values ('source_total', receivable_cny), ('refunds', -refunded_cny), ('net', net_revenue_cny)) as steps (step, amount_cny)
where is_paid group by 1, 2, 3;
create table quality.platform_tieout as
select date '2026-09-02' as on_date, 'taobao' as told_by, '旗舰店' as shop, 'paid_amount' as metric, cast(null as varchar) as known_cause, 'ok' as status;

create table private_domain.fct_contacts as from intermediate.int_contacts;
create table private_domain.pool_daily as
select date '2026-09-01' + cast(number as integer) as on_date, 'wecom_friend' as channel, 1 + number as identified_stock, 1 as new_contacts, 0 as lost_contacts,
    1 as reachable, 0.5::decimal(9, 8) as pool_share_of_buyers, 0.5::decimal(9, 8) as buyer_share_of_pool
from range(2) as days (number);
create table private_domain.pool_moves as
select on_date, channel, 'new' as move, 'parcel_card' as reason, 1 as persons from private_domain.pool_daily;
create table private_domain.asset_monthly as
select month, channel, opening_value_cny, added_cny, 0.00 as revalued_cny, 0.00 as lost_cny, opening_value_cny + added_cny as closing_value_cny,
    0.00 + opening_value_cny as low_cny, 20.00 as high_cny, 'rfm_cell_mean' as method, 5.00 as next_90d_cny, 4.00 as next_90d_low_cny, 6.00 as next_90d_high_cny
from (values (date '2026-08-01', 0.00, 9.00), (date '2026-09-01', 9.00, 1.00)) as months (month, opening_value_cny, added_cny)
cross join (values ('wecom_friend'), ('all')) as pools (channel);
create table private_domain.channel_scorecard as
select date '2026-09-01' as month, channel, metric, value, low, high
from (values
    ('wecom_friend', 'survival_30d', 0.9, 0.8, 1.0), ('wecom_friend', 'survival_90d', 0.7, 0.6, 0.8),
    ('wecom_friend', 'placed_private_cny', 60, null, null), ('all', 'placed_private_cny', 60, null, null)
) as scores (channel, metric, value, low, high);
create table private_domain.ip_scorecard as
select date '2026-09-01' as month, channel, ip_type, ip_id, metric, value
from (values ('wecom_friend', 'guide', 'g1', 'customer_opened_chats', 1), ('douyin_live', 'anchor', 'a1', 'revenue_after_interaction_cny', 0))
    as scores (channel, ip_type, ip_id, metric, value);
create table private_domain.trust_loop as
select channel, 'all' as product_group, seller, outcome, refund_kind, 30 as horizon_days, 2 as orders, 1 as repurchased_orders,
    0.5 as repurchase_rate, 0.1 as difference, 0.0 as low, 0.2 as high
from (values ('all', 'all', 'refunded', 'all'), ('all', 'all', 'refunded', 'pre_ship'), ('all', 'guide', 'refunded', 'all'), ('all', 'guide', 'refunded', 'pre_ship'))
    as slices (channel, seller, outcome, refund_kind);
create table private_domain.coupon_results as
select date '2026-09-01' as month, '双11' as campaign, 'b1' as coupon, audience, 2 as persons, 1 as claimed_persons, 1 as redeemed_persons, 1 as buyers_30d,
    0.5 as redemption_rate, 0.1 as redemption_low, 0.9 as redemption_high
from (values ('all'), ('returning')) as audiences (audience);
create table private_domain.three_failings as
select date_trunc('month', paid_at) as month, 'all' as channel, 'no_data_orders' as metric, 0 as numerator, count(*) as denominator, 0.2 as value, 0.1 as low, 0.3 as high
from customer.fct_orders where is_paid group by 1;
create table private_domain.staff_daily as
select on_date, 'g1' as staff_id, contacts, new_contacts, 0 as taken_over, lost_contacts, 0 as handed_over, 5.00 as cost_cny
from (values (date '2026-09-01', 2, 2, 0), (date '2026-09-02', 1, 0, 1)) as days (on_date, contacts, new_contacts, lost_contacts);
create table private_domain.koc_board as select 'c1' as customer_id, 1 as invitees, 1 as depth, 1 as buyers, 60.00::decimal(18, 2) as direct_net_revenue_cny;
create table private_domain.platform_dependency as
select platform, sum(net_revenue_cny) as net_revenue_cny, 0.1::decimal(9, 8) as reachable_share_low, 0.5::decimal(9, 8) as reachable_share_high,
    0::decimal(9, 8) as unknown_share
from customer.fct_orders where is_paid group by 1;
create table private_domain.step_transitions as
select date '2026-08-01' as month, 'order' as from_step, 'friend' as to_step, 2 as persons, 1 as moved_persons, 0.5::decimal(9, 8) as rate;
create table private_domain.sinking_monthly as
select date '2026-08-01' as month, 'taobao' as platform, '旗舰店' as shop, '包裹卡' as entry, 2 as identified_buyers, 1 as joined_buyers,
    0.5::decimal(9, 8) as matched_sink_rate;

create table ltv.repurchase_monthly as
select cast(date_trunc('month', paid_at) as date) as month, acquisition_channel, sum(net_revenue_cny) as net_revenue_cny,
    0.1::decimal(9, 8) as repurchase_rate_30d, 0.2::decimal(9, 8) as repurchase_rate_90d, 0.3::decimal(9, 8) as repurchase_rate_365d,
    0.5::decimal(9, 8) as period_repurchase_rate
from customer.fct_orders cross join (values ('wecom_friend'), ('all')) as channels (acquisition_channel)
where is_paid and customer_id is not null group by 1, 2;
create table ltv.revenue_concentration as
select date '2026-08-01' as month, 0.1::decimal(9, 8) as top_1_share, 0.2::decimal(9, 8) as top_5_share, 0.3::decimal(9, 8) as top_10_share,
    0.4::decimal(9, 8) as top_20_share;
create table ltv.tier_monthly as select date '2026-08-01' as month, 'new' as from_tier, 'value' as to_tier, 1 as customers;

create table customer.identity_review as
select 'fan_out' as rule, 'phone' as key_type, sha256('9') as key_token, '' as other_key_token, 'refused' as action;
create table customer.dim_products as
select 'p1' as product_key, date '2026-08-01' as first_sold_on, date '2026-09-01' as last_sold_on, 3 as orders, 3 as quantity;
create table attribution.campaign_daily as select *, '' as account, '' as campaign from attribution.channel_daily;

create table attribution.live_sessions as
select 's1' as session_key, 'douyin' as platform, 'own' as session_kind, 60.00::decimal(18, 2) as duration_minutes, 100 as viewers, 30 as platform_orders,
    1 as orders, 40.00::decimal(18, 2) as receivable_cny, 5.00::decimal(18, 2) as spend_cny;
create table attribution.creator_board as
select date '2026-09-01' as month, 'douyin' as platform, 'k1' as creator, 40.00::decimal(18, 2) as receivable_cny, 0.00::decimal(18, 2) as slot_fee_cny,
    0.00::decimal(18, 2) as service_fee_cny, 2.00::decimal(18, 2) as sample_cny, 0.00::decimal(18, 2) as boost_cny, 3.00::decimal(18, 2) as commission_cny,
    5.00::decimal(18, 2) as total_cost_cny;
create table attribution.traffic_daily as
select cast(paid_at as date) as on_date, platform, '' as account, 'orders' as told_by, 'order' as level, 'not_named' as source, null::bigint as visitors,
    null::bigint as new_visitors, null::bigint as pay_buyers, 1::bigint as orders, receivable_cny
from customer.fct_orders where is_paid
union all
select date '2026-09-01', 'sycm', '', 'report', 'source', '付费', 100, 10, 5, null, null;
create table attribution.content_daily as
select date '2026-09-01' as on_date, 'wechat_oa' as platform, '' as account, 'article' as content_kind, 'm1' as content_id, 'of_day' as counting,
    100 as impressions, 10 as views, 1 as interactions;
create table quality.payment_bridge as
select 'p' || number as entry_key, 'payment' as entry_kind, 'matched' as status, cast(null as varchar) as other_order_key from range(101) as numbers (number)
union all
select 'store:3', 'order', 'told_twice', 'store:3';
