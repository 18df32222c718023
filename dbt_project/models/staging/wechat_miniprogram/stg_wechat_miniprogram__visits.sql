-- Visit figures, one row per span, page and metric. Weeks and months carry their span in the metric's name: persons do not add up over days.
with spans as (

    select
        versions.*,
        case when length(ref_span) = 8 then '' when length(ref_span) = 6 then '_month' else '_week' end as span_suffix,
        try_cast(substr(ref_span, 1, 4) || '-' || substr(ref_span, 5, 2) || '-'
            || case when length(ref_span) = 6 then '01' else substr(ref_span, 7, 2) end as date) as on_date
    from {{ newest('wechat_miniprogram', 'visits') }} as versions
    where is_current

),

figures as (

    {% for metric in ['total_users', 'shares', 'share_users', 'sessions', 'page_views', 'visitors', 'new_visitors', 'stay_seconds_per_visitor',
                      'stay_seconds_per_session', 'visit_depth', 'entries', 'exits'] %}
    select _record_key, account, page_path, on_date, '{{ metric }}' || span_suffix as metric, cast({{ metric }} as decimal(38,8)) as value
    from spans
    where {{ metric }} is not null and on_date is not null
    {{- '\n    union all' if not loop.last }}
    {% endfor %}

)

select {{ canonical('metrics', {
    'metric_key': "_record_key || '|' || metric",
    'on_date': true,
    'platform': "'wechat_miniprogram'",
    'account': true,
    'object_type': "case when page_path = '-' then 'account' else 'page' end",
    'object_id': "case when page_path = '-' then account else page_path end",
    'metric': true,
    'value': true,
}) }}
from figures
