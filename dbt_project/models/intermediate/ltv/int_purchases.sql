-- The paid consumer orders as steps of a customer's life: how old the relation was, and which cohort it belongs to.
-- Orders without a customer stand here too, without age: their money must reach every total.
with purchases as (

    select
        conversions.order_key,
        conversions.customer_id,
        conversions.platform,
        conversions.paid_on,
        orders.receivable_cny,
        orders.net_revenue_cny,
        orders.contribution_cny,
        orders.contribution_basis,
        orders.refund_matures_on,
        brought.acquisition_channel,
        brought.acquisition_domain,
        min(conversions.paid_on) over (partition by conversions.customer_id) as first_paid_on,
        row_number() over (partition by conversions.customer_id order by conversions.paid_on, conversions.converted_at, conversions.order_key)
            as purchase_number
    from {{ ref('int_conversions') }} as conversions
    inner join {{ ref('int_orders') }} as orders on conversions.order_key = orders.order_key
    left join {{ ref('int_customer_acquisition') }} as brought on conversions.customer_id = brought.customer_id

),

costs as (

    select
        order_key,
        sum(case when cost_type in ({{ quoted_list(var('commission_cost_types')) }}) then amount_cny end) as commission_cny,
        max(case when cost_type in ({{ quoted_list(var('goods_cost_types')) }}) then 1 else 0 end) as has_goods_cost
    from {{ ref('int_order_costs') }}
    group by 1

)

select
    purchases.order_key,
    customer_id,
    platform,
    paid_on,
    cast({{ dbt.date_trunc('month', 'paid_on') }} as date) as paid_month,
    receivable_cny,
    net_revenue_cny,
    contribution_cny,
    contribution_basis,
    refund_matures_on,
    -- a purchase day counts for coming back unless everything bought by the order was given back
    case when net_revenue_cny is null or net_revenue_cny > 0 then paid_on end as purchase_on,
    case when customer_id is not null then cast(purchase_number as bigint) end as purchase_number,
    case when customer_id is not null then first_paid_on end as first_paid_on,
    case when customer_id is not null then cast({{ dbt.date_trunc('month', 'first_paid_on') }} as date) end as cohort_month,
    case when customer_id is not null then {{ days_between('first_paid_on', 'paid_on') }} end as age_days,
    case when customer_id is not null then {{ months_between('first_paid_on', 'paid_on') }} end as age_month,
    case when customer_id is not null then coalesce(acquisition_channel, 'unknown') end as acquisition_channel,
    case when customer_id is not null then coalesce(acquisition_domain, 'unknown') end as acquisition_domain,
    -- what a creator, leader or guide was paid for a first order bought a customer: a cost of acquisition, not of selling
    cast(case when customer_id is not null and purchase_number = 1 then coalesce(costs.commission_cny, 0) else 0 end as decimal(18, 2))
        as acquisition_commission_cny,
    -- a contribution without the cost of the goods is a revenue under another name
    contribution_cny is not null and coalesce(costs.has_goods_cost, 0) = 1 as is_costed
from purchases
left join costs on purchases.order_key = costs.order_key
