-- Launches of the mini program that logged in, as touches, one row per person and moment after the first: the first login opens the relation,
-- and that opening is its touch. A launch after payment (scenes 1034, 1060) is the checkout.
with logins as (

    select
        versions.*,
        row_number() over (partition by appid, openid order by logged_in_at, _record_key) as place
    from {{ newest('wechat_miniprogram', 'logins') }} as versions
    where is_current

)

select {{ canonical('touches', {
    'touch_key': "'login:' || _record_key",
    'record_key': '_record_key',
    'touched_at': 'logged_in_at',
    'channel': "'mini_program'",
    'domain': "'private'",
    'campaign': 'source_code',
    'content': "coalesce('scene ' || scene, page_path)",
    'touch_type': "case when scene in ('1034', '1060') then 'checkout' else 'visit' end",
    'evidence': "'person'",
}) }}
from logins
where place > 1
