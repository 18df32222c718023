{# A FROM item: Douyin sub-orders as they stand now, with their money and refund read; orders and lines both build on it.
   receivable = 订单应付 + what platform and creator bore. The file names no refund amount: whole refunds are known by words,
   a partial one (退款成功 on a line that lives on) is not, and stays NULL until the after-sales file says it. #}
{% macro douyin_sub_orders() -%}
(
    select
        read_money.*,
        case
            when not line_is_paid then 0
            when order_status = 'closed' or after_sale_status = 'refunded_whole' then line_receivable_cny
            when after_sale_status = 'succeeded' then null
            when after_sale_status like 'unknown:%' then null
            else 0
        end as line_refunded_cny
    from (
        select
            versions.*,
            paid_at is not null and order_status <> 'deposit_paid' or {{ is_paid_status('order_status') }} as line_is_paid,
            coalesce(borne_by_platform_cny, discount_platform_cny, 0) + coalesce(borne_by_kol_cny, discount_kol_cny, 0) as line_subsidy_cny,
            amount_due_cny + coalesce(borne_by_platform_cny, discount_platform_cny, 0)
                + coalesce(borne_by_kol_cny, discount_kol_cny, 0) as line_receivable_cny,
            case order_status
                when 'pending_payment' then 1 when 'deposit_paid' then 2 when 'paid_unshipped' then 3
                when 'shipped' then 4 when 'completed' then 5 when 'closed' then 9 else 6
            end as status_rank,
            coalesce(traffic_format like '%第二天更新%' or traffic_source like '%第二天更新%' or traffic_type like '%第二天更新%', false) as line_is_pending,
            case
                when coalesce(traffic_format, '') || coalesce(traffic_source, '') like '%第二天更新%' then null
                when traffic_source like '%精选联盟%' or (traffic_source is null and kol_id is not null) then 'douyin_kol'
                when traffic_type = '广告' or ad_channel is not null then 'douyin_ads'
                when traffic_format like '%直播%' then 'douyin_live'
                when traffic_format like '%视频%' or traffic_format like '%图文%' then 'douyin_video'
                when traffic_format like '%搜索%' or traffic_channel like '%搜索%' then 'douyin_search'
                when traffic_format like '%商品卡%' or traffic_channel like '%商城%' then 'douyin_mall'
            end as line_channel
        from {{ newest('douyin', 'orders') }} as versions
        where is_current
    ) as read_money
)
{%- endmacro %}
