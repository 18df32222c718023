-- Figures of Xiaohongshu notes, one row per note and figure: totals since the note was published, as the newest export says.
select {{ canonical('metrics', {
    'metric_key': "_record_key || '|' || metric",
    'on_date': 'cast(published_at as date)',
    'session_at': 'published_at',
    'platform': "'xiaohongshu'",
    'account': true,
    'object_type': "'note'",
    'object_id': "cast(published_at as string) || ' ' || note_title",
    'object_title': 'note_title',
    'metric': true,
    'value': 'metric_value',
    'counting': "'to_date'",
}) }}
from {{ metric_rows(newest('xiaohongshu', 'notes'), ['impressions', 'views', 'cover_click_rate', 'likes', 'comments', 'collects', 'new_fans', 'shares',
    'average_watch_seconds', 'danmu']) }} as figures
where is_current
