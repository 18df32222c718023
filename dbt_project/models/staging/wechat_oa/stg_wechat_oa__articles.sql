-- Article figures, one row per article, day and metric. Figures up to a day are cumulative and named so: never add them to a day's own.
with articles as (

    select
        versions.*,
        counted_to_on = date '2000-01-01' as is_daily
    from {{ newest('wechat_oa', 'articles') }} as versions
    where is_current

)

select {{ canonical('metrics', {
    'metric_key': "_record_key || '|' || metric || case when is_daily then '' else '_cumulative' end",
    'on_date': 'case when is_daily then sent_on else counted_to_on end',
    'platform': "'wechat_oa'",
    'account': true,
    'object_type': "'article'",
    'object_id': 'msg_id',
    'object_title': 'title',
    'metric': "metric || case when is_daily then '' else '_cumulative' end",
    'value': 'metric_value',
    'counting': "case when is_daily then 'of_day' else 'to_date' end",
}) }}
from {{ metric_rows('articles', ['target_users', 'read_users', 'reads', 'original_read_users', 'share_users', 'shares', 'favourite_users']) }} as figures
