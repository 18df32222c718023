-- Costs of channels outside their ad accounts, one row per line of the newest list of a day and channel.
select {{ canonical('channel_costs', {
    'cost_key': '_record_key',
    'on_date': 'incurred_on',
    'channel': true,
    'account': 'ad_account',
    'campaign': "nullif(campaign, '-')",
    'content': true,
    'cost_type': true,
    'cost_cny': true,
    'creator_name': "case when cost_type in ('kol_slot', 'kol_service', 'sample') then content end",
}) }}
from {{ newest('finance', 'channel_costs') }} as versions
where is_current
