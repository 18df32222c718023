-- Coupons as touches, one row per code and event: issuing is the brand's act unless the customer fetched it, using is the checkout itself.
-- A code list repeats what events said; then the event stands.
{{ config(meta={'told_together': ['account', 'stock_id', 'coupon_code']}) }}
with coupons as (

    select * from {{ newest('store', 'coupons') }} as versions where is_current

),

told as (

    select
        account, stock_id, coupon_code, activity, _record_key, issued_at as happened_at,
        case when {{ has_tag('is_claimed', 'claimed') }} then 'claim' else 'coupon_issued' end as touch_type,
        case when upper(coalesce(send_channel, '')) like '%MINIAPP%' then 'mini_program' else 'member' end as channel,
        case when event = 'issued' then 1 else 2 end as rank
    from coupons
    where event in ('issued', 'listed') and issued_at is not null
    union all
    select
        account, stock_id, coupon_code, activity, _record_key, used_at, 'redeem',
        case when used_store is not null then 'store' else 'member' end,
        case when event = 'used' then 1 else 2 end
    from coupons
    where event in ('used', 'listed') and used_at is not null

),

ranked as (

    select
        told.*,
        row_number() over (
            partition by account, stock_id, coupon_code, touch_type = 'redeem' order by rank, happened_at, _record_key
        ) as place
    from told

)

select {{ canonical('touches', {
    'touch_key': "'coupon:' || _record_key || case when touch_type = 'redeem' then '|used' else '|issued' end",
    'record_key': '_record_key',
    'touched_at': 'happened_at',
    'channel': true,
    'domain': "'private'",
    'campaign': 'coalesce(activity, stock_id)',
    'content': 'stock_id',
    'touch_type': true,
    'evidence': "'person'",
}) }}
from ranked
where place = 1
