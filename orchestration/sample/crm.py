"""The brand's member list (会员主表): full lists, a few weeks apart, GB18030.

Belongs here: its columns, and who is a member. Does not: what members buy.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from orchestration.sample import brand
from orchestration.sample.moments import DAY, HOUR, Window
from orchestration.sample.outbox import Outbox
from orchestration.sample.tables import Cells, body_lines, header_line
from orchestration.sample.text import choose, clock, digits, either, weave, whole
from orchestration.sample.world import World

LEVELS = ("普卡", "银卡", "金卡", "黑金卡")
OPENID_SHARE, UNIONID_SHARE = 0.55, 0.45
SECOND_PHONE_SHARE = 0.3  # of members with two phones, those who registered the second


def pulls(world: World) -> tuple[Window, ...]:
    """When the list is taken."""
    span = world.span
    days = sorted({day for day in (span.days - 60, span.days - 30, span.days) if day > 0})
    return tuple(Window(span.start, span.start + day * DAY, span.start + day * DAY + 7 * HOUR) for day in days)


def cells_of(world: World, person: np.ndarray, at: np.ndarray, window: Window) -> Cells:
    """The columns for some members."""
    people, seen = world.people, world.fates.paid < window.stop
    spent = np.bincount(world.orders.person[seen], weights=(world.orders.paid)[seen], minlength=len(people)).astype(np.int64)[person]
    bought = np.bincount(world.orders.person[seen], minlength=len(people))[person]
    lot = people.number[person] * 2_654_435_761 % 1_000 / 1_000
    rows = pa.array(person)
    changed = people.has_second_phone[person] & (lot < SECOND_PHONE_SHARE)
    month, day = people.number[person] % 12 + 1, people.number[person] % 28 + 1
    birthday = either(lot < 0.3, "1900-01-01", weave(whole(1970 + people.number[person] % 35), "-", digits(month, 2), "-", digits(day, 2)))
    with_openid = lot < OPENID_SHARE
    return {
        "会员卡号": ("quoted", people.member_id.take(rows)), "姓名": ("quoted", people.name.take(rows)),
        "手机号": ("quoted", either(changed, people.second_phone.take(rows), people.phone.take(rows))),
        "性别": ("quoted", choose(("未知", "男", "女"), people.gender[person])), "生日": ("quoted", birthday),
        "等级": ("quoted", choose(LEVELS, np.searchsorted([10_000, 60_000, 200_000], spent, side="right"))),
        "积分": ("quoted", whole(spent // 100)), "储值余额": ("quoted", "0.00"), "成长值": ("quoted", whole(bought * 10)),
        "注册时间": ("quoted", clock(at)),
        "注册渠道": ("quoted", choose(("小程序", "门店", "企微"), people.number[person] % 3)), "注册门店": ("quoted", ""),
        "是否同意短信": ("quoted", choose(("Y", "N", ""), np.searchsorted([0.55, 0.75], lot))), "消费次数": ("quoted", whole(bought)),
        "appid": ("quoted", either(with_openid, brand.MINI_PROGRAM, "")),
        "openid": ("quoted", either(with_openid, people.openid.take(rows), "")),
        "unionid": ("quoted", either(lot > 1 - UNIONID_SHARE, people.unionid.take(rows), "")),
    }


def write_crm(world: World, outbox: Outbox) -> None:
    """The full list at each pull."""
    at = world.bonds.member
    for window in pulls(world):
        person = np.flatnonzero(at < window.stop)
        cells = cells_of(world, person, at[person], window)
        name = f"crm/members/account={brand.CRM_SYSTEM}/date={window.taken_on}/members_{window.stamp}.csv"
        outbox.lines(name, header_line(cells), body_lines(cells), "gb18030")
