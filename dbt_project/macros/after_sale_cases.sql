{# A FROM item: the after-sale cases of a platform as they stand now; `is_refunded` says whether money surely went back. Cases and settlement refunds
   build on it. Some seen layouts have neither a status nor a refund time: there `proof`, the time at which the merchant handled the case or got
   the goods back, counts, because leaving the case out would call gross net. #}
{% macro after_sale_cases(platform, proof) -%}
(
    select
        versions.*,
        coalesce(refunded_cny, 0) > 0 and coalesce(refund_kind, '') <> 'exchange' and (
            coalesce(after_sale_status, '') = 'succeeded' or refunded_at is not null
            or (after_sale_status is null and {{ proof }} is not null)
        ) as is_refunded
    from {{ newest(platform, 'after_sales') }} as versions
    where is_current
)
{%- endmacro %}
