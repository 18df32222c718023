-- Figures of Baijiahao articles, one row per article and figure: totals since publication, as the newest export says.
select {{ canonical('metrics', {
    'metric_key': "_record_key || '|' || metric",
    'on_date': 'cast(published_at as date)',
    'session_at': 'published_at',
    'platform': "'baidu'",
    'account': true,
    'object_type': "'article'",
    'object_id': "cast(published_at as string) || ' ' || title",
    'object_title': 'title',
    'metric': true,
    'value': 'metric_value',
    'counting': "'to_date'",
}) }}
from {{ metric_rows(newest('baidu', 'content'), ['recommended', 'reads', 'comments', 'likes', 'collects', 'shares']) }} as figures
where is_current
