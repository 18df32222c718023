-- Reviews, one row per review: stars from 1 to 5, four and more are positive, three is neutral.
select {{ canonical('service', {
    'service_key': '_record_key',
    'record_key': '_record_key',
    'order_key': "platform || ':' || order_id",
    'channel': 'platform',
    'service_kind': "'review'",
    'outcome': "case when rating_word in ('positive', 'neutral', 'negative') then rating_word when rating >= 4 then 'positive' when rating >= 3 then 'neutral' when rating is not null then 'negative' end",
    'score': 'case when rating between 1 and 5 then rating end',
    'happened_at': true,
    'resolved_at': 'replied_at',
}) }}
from {{ newest('service', 'reviews') }} as versions
where is_current
