-- Juguang spend on Xiaohongshu notes, one row per report row. Levels repeat each other's spend: one adds up; splits by targeting or keyword,
-- which leave the rest of the traffic out, only where nothing else was delivered.
select {{ canonical('spend', {
    'spend_key': '_record_key',
    'on_date': 'stat_on',
    'channel': "'xiaohongshu_ads'",
    'account': true,
    'campaign': 'coalesce(campaign, campaign_id)',
    'content': 'coalesce(note_id, creative, adgroup)',
    'cost_type': "'media'",
    'cost_cny': 'spend_cny',
    'impressions': true,
    'clicks': true,
    'platform_conversions': 'coalesce(wecom_adds_and_contacts, wecom_adds_and_chats, message_contacts)',
    'is_total_level': is_leading_level(['campaign', 'adgroup', 'creative', 'note', 'account', 'targeting', 'keyword']),
}) }}
from {{ newest('juguang', 'daily') }} as versions
where is_current
