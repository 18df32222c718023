-- Which orders came within some days after an interaction, one row per order and interaction. An order that follows several is
-- counted once by whoever asks, per channel or per account.
select
    interactions.touch_key,
    interactions.channel,
    interactions.held_in,
    interactions.account,
    interactions.staff_id,
    conversions.order_key,
    cast({{ dbt.date_trunc('month', 'conversions.paid_on') }} as date) as month,
    conversions.net_revenue_cny
from {{ ref('int_interactions') }} as interactions
inner join {{ ref('int_conversions') }} as conversions
    on interactions.customer_id = conversions.customer_id
    and interactions.touched_at <= conversions.converted_at
    and {{ seconds_between('interactions.touched_at', 'conversions.converted_at') }} <= {{ var('interaction_window_days') }} * 86400
