{# Words that trackers of sites and apps share. Belongs here: reading a visit's source. Does not: which events of a tracker are visits. #}

{# The channel of a visit: where its source says it came from, else the place visited. A source nobody knows is `unknown`, never a guess. #}
{% macro web_channel(source, medium, place) -%}
case
    when coalesce({{ source }}, '') in ('', '(direct)', 'direct', '(none)', '(not set)') then {{ place }}
    when lower({{ source }}) in ('sms', 'duanxin') then 'sms'
    when lower({{ source }}) in ('email', 'edm', 'mail', 'newsletter') then 'email'
    when lower({{ source }}) in ('oa', 'gzh', 'mp.weixin.qq.com') then 'oa'
    when lower({{ source }}) in ('wecom', 'qywx', 'wecom_friend') then 'wecom_friend'
    when lower({{ source }}) in ('wecom_group', 'shequn') then 'wecom_group'
    when lower({{ source }}) in ('weibo', 'weibo.com') then case when lower({{ medium }}) in ('cpc', 'cpm', 'ads') then 'weibo_ads' else 'weibo' end
    when lower({{ source }}) in ('zhihu', 'zhihu.com') then case when lower({{ medium }}) in ('cpc', 'cpm', 'ads') then 'zhihu_ads' else 'zhihu' end
    when lower({{ source }}) in ('xiaohongshu', 'xhs') then case when lower({{ medium }}) in ('cpc', 'cpm', 'ads') then 'xiaohongshu_ads' else 'xiaohongshu_note' end
    when lower({{ source }}) in ('douyin', 'dy') then case when lower({{ medium }}) in ('cpc', 'cpm', 'ads') then 'douyin_ads' else 'douyin_video' end
    when lower({{ source }}) = 'baidu' and lower({{ medium }}) in ('cpc', 'cpm', 'ads') then 'baidu_ads'
    when lower({{ source }}) in ('tencent', 'gdt') then 'tencent_ads'
    when lower({{ source }}) in ('toutiao', 'oceanengine') then 'toutiao_ads'
    when lower({{ source }}) = 'referral' or lower({{ medium }}) = 'share' then 'referral'
    else 'unknown'
end
{%- endmacro %}

{# Somebody who came by a marked link clicked it. #}
{% macro web_touch_type(source) %}case when coalesce({{ source }}, '') in ('', '(direct)', 'direct', '(none)', '(not set)') then 'visit' else 'click' end{% endmacro %}
