-- Being invited, as a touch of the invitee, one row per invitee and campaign that has an inviter.
select {{ canonical('touches', {
    'touch_key': "'referred:' || _record_key",
    'record_key': '_record_key',
    'touched_at': 'invited_at',
    'channel': "'referral'",
    'domain': "'private'",
    'campaign': "nullif(campaign, '-')",
    'touch_type': "'referred'",
    'evidence': "'person'",
    'cost_cny': 'reward_cny',
}) }}
from {{ newest('referral', 'relations') }} as versions
where is_current
    and coalesce(is_joined, true)
    and coalesce(inviter_unionid, inviter_openid, inviter_external_userid, inviter_row_id, inviter_phone) is not null
    and coalesce(inviter_unionid <> unionid, true)
    and coalesce(inviter_openid <> openid, true)
    and coalesce(inviter_external_userid <> external_userid, true)
    and coalesce(inviter_row_id <> row_id, true)
    and coalesce(inviter_phone <> phone, true)
