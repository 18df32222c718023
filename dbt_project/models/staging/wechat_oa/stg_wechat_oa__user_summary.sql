-- Follower figures, one row per day, source and metric that the day has. The whole stock is the metric `followers` of the account.
with days as (

    select * from {{ newest('wechat_oa', 'user_summary') }} as versions where is_current

),

figures as (

    select _record_key, account, stat_on, 'source' as object_type, user_source as object_id, 'new_followers' as metric, new_users as value
    from days
    where new_users is not null
    union all
    select _record_key, account, stat_on, 'source', user_source, 'lost_followers', lost_users
    from days
    where lost_users is not null
    union all
    select _record_key, account, stat_on, 'account', account, 'followers', total_users
    from days
    where total_users is not null and user_source = '0'

)

select {{ canonical('metrics', {
    'metric_key': "_record_key || '|' || metric",
    'on_date': 'stat_on',
    'platform': "'wechat_oa'",
    'account': true,
    'object_type': true,
    'object_id': true,
    'metric': true,
    'value': true,
}) }}
from figures
