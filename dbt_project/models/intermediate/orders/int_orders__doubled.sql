-- Sales that two systems tell (mini-program shop and till 小程序商城与收银): orders of two platforms that one payment paid, with the same total on
-- either side. The system that knew it first keeps the order, the other's is the same sale once more. A payment that is as large as both sides
-- together paid for both; sides that differ are left alone and stand in the payment bridge.
with numbers as (

    select key_token as transaction_id, order_key
    from {{ ref('int_order_payment_numbers') }}
    where key_type = 'transaction_id'

),

-- payments that paid one order, and they are most, tell no sale twice
of_several as (

    select numbers.transaction_id, numbers.order_key
    from numbers
    inner join (select transaction_id from numbers group by 1 having count(*) > 1) as shared on numbers.transaction_id = shared.transaction_id

),

orders as (

    select order_key, platform, buyer_paid_cny, ordered_at
    from (
        select
            unioned.*,
            {{ place_among_records() }} as place
        from {{ ref('int_orders__unioned') }} as unioned
        where order_key in (select order_key from of_several)
    ) as ranked
    where place = 1 and is_paid and buyer_paid_cny > 0

),

paid_by as (

    select of_several.transaction_id, orders.order_key, orders.platform, orders.buyer_paid_cny, orders.ordered_at
    from orders
    inner join of_several on orders.order_key = of_several.order_key

),

sides as (

    select
        transaction_id, platform,
        sum(buyer_paid_cny) as paid_cny,
        count(*) as orders,
        min(ordered_at) as first_at,
        min(order_key) as first_order_key
    from paid_by
    group by 1, 2

),

amounts as (

    select transaction_id, max(amount_cny) as amount_cny
    from {{ ref('int_payments__unioned') }}
    where kind = 'pay'
    group by 1

),

ranked_sides as (

    select
        sides.*,
        row_number() over (partition by sides.transaction_id order by sides.first_at nulls last, sides.platform) as place,
        count(*) over (partition by sides.transaction_id) as tellers,
        min(sides.paid_cny) over (partition by sides.transaction_id) = max(sides.paid_cny) over (partition by sides.transaction_id) as is_equal,
        coalesce(amounts.amount_cny = sum(sides.paid_cny) over (partition by sides.transaction_id), false) as is_paid_for_all
    from sides
    left join amounts on sides.transaction_id = amounts.transaction_id

),

twins as (

    select
        paid_by.order_key, paid_by.platform, kept.platform as kept_platform, paid_by.transaction_id,
        case when kept.orders = 1 then kept.first_order_key end as kept_order_key,
        row_number() over (partition by paid_by.order_key order by paid_by.transaction_id) as place
    from paid_by
    inner join ranked_sides as told_again on paid_by.transaction_id = told_again.transaction_id and paid_by.platform = told_again.platform
    inner join ranked_sides as kept on paid_by.transaction_id = kept.transaction_id and kept.place = 1
    where told_again.place > 1 and told_again.is_equal and not told_again.is_paid_for_all

)

select order_key, platform, kept_platform, kept_order_key, transaction_id
from twins
where place = 1
