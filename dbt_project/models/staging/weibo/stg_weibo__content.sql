-- Figures of the Weibo account by day (fans) and of its posts since publication, one row per object and figure.
select {{ canonical('metrics', {
    'metric_key': "_record_key || '|' || metric",
    'on_date': 'stat_on',
    'session_at': "case when report <> 'fans' then published_at end",
    'platform': "'weibo'",
    'account': true,
    'object_type': "case when report = 'fans' then 'account' else 'post' end",
    'object_id': "case when report = 'fans' then account else post_key end",
    'metric': true,
    'value': 'metric_value',
    'counting': "case when report = 'fans' then 'of_day' else 'to_date' end",
}) }}
from {{ metric_rows(newest('weibo', 'content'), ['followers', 'new_fans', 'lost_fans', 'net_fans', 'reads', 'interactions', 'reposts', 'comments',
    'likes']) }} as figures
where is_current
