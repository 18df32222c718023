-- Launches of the mini program that logged in, as touches, one row per person and moment after the first: the first login opens the relation,
-- and that opening is its touch. A launch after payment (scenes 1034, 1060) is the checkout.
{{ config(meta={'told_together': ['appid', 'openid']}) }}
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
from {{ miniprogram_logins() }} as logins
where place > 1
