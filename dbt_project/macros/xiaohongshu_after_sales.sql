{# A FROM item: Xiaohongshu after-sale cases as they stand now; `is_refunded` says whether money surely went back. Cases and settlement
   refunds build on it. The seen layout has no status: there the merchant's receipt of the returned goods is the proof. #}
{% macro xiaohongshu_after_sales() -%}
(
    select
        versions.*,
        coalesce(refunded_cny, 0) > 0 and coalesce(refund_kind, '') <> 'exchange' and (
            coalesce(after_sale_status, '') = 'succeeded' or refunded_at is not null
            or (after_sale_status is null and received_at is not null)
        ) as is_refunded
    from {{ newest('xiaohongshu', 'after_sales') }} as versions
    where is_current
)
{%- endmacro %}
