-- Who brought whom, one row per invitee and campaign. The inviter is known by the strongest key that is good; roots, people who
-- invited themselves and who never joined bring nobody.
with known as (

    select
        versions.*,
        case
            when inviter_unionid_class = 'ok' then 'unionid'
            when inviter_openid_class = 'ok' and inviter_openid_scope is not null then 'openid'
            when inviter_external_userid_class = 'ok' and inviter_external_userid_scope is not null then 'external_userid'
            when inviter_row_id_class = 'ok' then 'referral_row'
            when inviter_phone_class = 'ok' then 'phone'
        end as inviter_kind
    from {{ newest('referral', 'relations') }} as versions
    where is_current

)

select {{ canonical('referrals', {
    'referral_key': '_record_key',
    'record_key': '_record_key',
    'inviter_key_type': 'inviter_kind',
    'inviter_key_scope': "case inviter_kind when 'unionid' then inviter_unionid_scope when 'openid' then inviter_openid_scope"
        ~ " when 'external_userid' then inviter_external_userid_scope when 'referral_row' then inviter_row_id_scope else inviter_phone_scope end",
    'inviter_key_token': "case inviter_kind when 'unionid' then inviter_unionid when 'openid' then inviter_openid"
        ~ " when 'external_userid' then inviter_external_userid when 'referral_row' then inviter_row_id else inviter_phone end",
    'invited_at': true,
    'campaign': "nullif(campaign, '-')",
    'reward_cny': true,
}) }}
from known
where inviter_kind is not null
    and coalesce(is_joined, true)
    and coalesce(inviter_unionid <> unionid, true)
    and coalesce(inviter_openid <> openid, true)
    and coalesce(inviter_external_userid <> external_userid, true)
    and coalesce(inviter_row_id <> row_id, true)
    and coalesce(inviter_phone <> phone, true)
