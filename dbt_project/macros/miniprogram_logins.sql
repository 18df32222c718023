{# A FROM item: logins of the mini program as they stand now, numbered per person: the first opens the relation, the others are visits. #}
{% macro miniprogram_logins() -%}
(
    select
        versions.*,
        row_number() over (partition by appid, openid order by logged_in_at, _record_key) as place
    from {{ newest('wechat_miniprogram', 'logins') }} as versions
    where is_current
)
{%- endmacro %}
