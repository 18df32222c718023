-- Consent to SMS and e-mail, one row per statement: yes opens the address, no closes it, and the newest statement is the consent.
-- WeChat and calls are no send lists and stay evidence of the statement alone.
with statements as (

    select
        versions.*,
        case when channel = 'sms' then phone else email end as address
    from {{ newest('crm', 'consents') }} as versions
    where is_current and ((channel = 'sms' and phone_class = 'ok') or (channel = 'email' and email_class = 'ok')) and consent in ('yes', 'no')

)

select {{ canonical('contacts', {
    'contact_key': "channel || '|' || address",
    'record_key': '_record_key',
    'channel': true,
    'account': true,
    'holder_type': "'brand'",
    'opened_at': "case when consent = 'yes' then stated_at end",
    'closed_at': "case when consent = 'no' then stated_at end",
    'close_reason': "case when consent = 'no' then 'opted_out' end",
    'source_code': 'source',
    'consent': true,
    'exported_at': 'stated_at',
    'is_current': true,
}) }}
from statements
