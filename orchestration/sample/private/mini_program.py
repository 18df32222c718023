"""The mini program (小程序): logins and confirmed phones as the brand's own server logged them.

Belongs here: records of persons. Does not: the platform's daily figures (`daily_figures`), what is bought.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from orchestration.sample import brand
from orchestration.sample.moments import NEVER, SHANGHAI_OFFSET
from orchestration.sample.outbox import Outbox
from orchestration.sample.private.pages import place, pulled
from orchestration.sample.text import choose, either, weave, whole
from orchestration.sample.world import World

SCENES = (1001, 1007, 1011, 1035, 1058, 1089)
PAGES = ("pages/index/index", "pages/item/item", "pages/member/member", "pages/coupon/coupon")
UNIONID_SHARE = 0.9


def login_moments(world: World) -> tuple[np.ndarray, np.ndarray]:
    """Who opened the mini program when: the first login, and every touch in it."""
    first = np.flatnonzero(world.bonds.visited < NEVER)
    mine = np.flatnonzero(world.touches.channel == brand.POSITION["mini_program"])
    person = np.concatenate([first, world.touches.person[mine]])
    at = np.concatenate([world.bonds.visited[first], world.touches.at[mine]])
    order = np.lexsort((person, at))
    return person[order], at[order]


def unionid_part(world: World, person: np.ndarray) -> pa.StringArray:
    """The union id where the platform gave one."""
    known = world.people.number[person] * 2_654_435_761 % 1_000 < UNIONID_SHARE * 1_000
    return either(known, weave(',"unionid":"', world.people.unionid.take(pa.array(person)), '"'), "")


def write_mini_program(world: World, outbox: Outbox) -> None:
    """The log of logins and the log of confirmed phones, one line each."""
    window, people = pulled(world.span, 0, 8, 20), world.people
    person, at = login_moments(world)
    by_menu = (at == world.bonds.visited[person]) & (world.bonds.followed[person] < at) & (person % 2 == 1)
    code = either(by_menu, ',"query":{"state":"oa_menu"}', "")
    lines = weave('{"openid":"', people.openid.take(pa.array(person)), '"', unionid_part(world, person), ',"login_at":',
                  whole((at - SHANGHAI_OFFSET) * 1_000 + person % 1_000), ',"scene":', whole(np.array(SCENES)[(person + at) % len(SCENES)]),
                  ',"path":"', choose(PAGES, at % len(PAGES)), '"', code, "}\n")
    outbox.lines(place("wechat_miniprogram/logins", brand.MINI_PROGRAM, window, "logins", ".jsonl"), "", lines)

    person = np.flatnonzero(world.bonds.bound_phone < NEVER)
    phone = people.phone.take(pa.array(person))
    lines = weave('{"openid":"', people.openid.take(pa.array(person)), '"', unionid_part(world, person),
                  ',"errcode":0,"errmsg":"ok","phone_info":{"phoneNumber":"', phone, '","purePhoneNumber":"', phone,
                  '","countryCode":86,"watermark":{"timestamp":', whole(world.bonds.bound_phone[person] - SHANGHAI_OFFSET),
                  f',"appid":"{brand.MINI_PROGRAM}"}}}}}}\n')
    outbox.lines(place("wechat_miniprogram/phone_bindings", brand.MINI_PROGRAM, window, "phones", ".jsonl"), "", lines)
