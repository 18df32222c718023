-- Article figures, one row per article, day and metric. Figures up to a day are cumulative and named so: never add them to a day's own.
with articles as (

    select
        versions.*,
        counted_to_on = date '2000-01-01' as is_daily
    from {{ newest('wechat_oa', 'articles') }} as versions
    where is_current

),

figures as (

    {% for metric in ['target_users', 'read_users', 'reads', 'original_read_users', 'share_users', 'shares', 'favourite_users'] %}
    select
        _record_key, account, msg_id, title, case when is_daily then sent_on else counted_to_on end as on_date,
        '{{ metric }}' || case when is_daily then '' else '_cumulative' end as metric, {{ metric }} as value, is_daily
    from articles
    where {{ metric }} is not null
    {{- '\n    union all' if not loop.last }}
    {% endfor %}

)

select {{ canonical('metrics', {
    'metric_key': "_record_key || '|' || metric",
    'on_date': true,
    'platform': "'wechat_oa'",
    'account': true,
    'object_type': "'article'",
    'object_id': 'msg_id',
    'object_title': 'title',
    'metric': true,
    'value': true,
    'counting': "case when is_daily then 'of_day' else 'to_date' end",
}) }}
from figures
