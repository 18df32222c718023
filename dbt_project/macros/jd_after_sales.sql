{# A FROM item: JD service cases as they stand now; `is_refunded` says whether money went back. Cases and settlement refunds build on it.
   The seen layout has no status and no refund time: there a case with an amount that the merchant handled counts,
   because leaving it out would call gross net. #}
{% macro jd_after_sales() -%}
(
    select
        versions.*,
        coalesce(refunded_cny, 0) > 0 and coalesce(refund_kind, '') <> 'exchange' and (
            coalesce(after_sale_status, '') = 'succeeded' or refunded_at is not null
            or (after_sale_status is null and handled_at is not null)
        ) as is_refunded
    from {{ newest('jd', 'after_sales') }} as versions
    where is_current
)
{%- endmacro %}
