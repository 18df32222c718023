-- Figures of Zhihu works (totals since publication, told day by day) and of the account, one row per object, day and figure.
select {{ canonical('metrics', {
    'metric_key': "_record_key || '|' || metric",
    'on_date': 'stat_on',
    'session_at': "case when report = 'works' then published_at end",
    'platform': "'zhihu'",
    'account': true,
    'object_type': "case when report = 'works' then 'work' else 'account' end",
    'object_id': "case when report = 'works' then content_url else account end",
    'object_title': 'content_title',
    'metric': true,
    'value': 'metric_value',
    'counting': "case when report = 'works' then 'to_date' else 'of_day' end",
}) }}
from {{ metric_rows(newest('zhihu', 'content'), ['reads', 'plays', 'upvotes', 'likes', 'comments', 'collects', 'shares', 'forwards', 'followers',
    'net_followers', 'active_followers', 'active_follower_share']) }} as figures
where is_current
