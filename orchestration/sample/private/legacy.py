"""What older tools left behind (个人号 · 微信社群): one dump of a personal account's friends, two of ordinary groups.

Belongs here: a tool's shapes. Does not: people of WeCom. A wxid means something inside the tool only.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from orchestration.sample.moments import DAY, NEVER, SHANGHAI_OFFSET
from orchestration.sample.outbox import Outbox
from orchestration.sample.private.keys import wxids
from orchestration.sample.private.pages import page_set, place, pulled
from orchestration.sample.tables import body_lines, header_line
from orchestration.sample.text import choose, clock, either, weave, whole
from orchestration.sample.world import World

TOOL, OWNER = "legacy_tool", "wxid_yutangowner1"
ONE_OF = 37  # people, who were friends of the old account
ROOMS = ("20010001@chatroom", "20010002@chatroom")
PULLS = (120, 0)  # days before the end


def old_friends(world: World) -> np.ndarray:
    """Positions of the people whom the old account knew."""
    return np.flatnonzero(world.people.number % ONE_OF == 5)


def write_friends(world: World, outbox: Outbox) -> None:
    """The dump of the owner's friends; some have deleted the account since."""
    person = old_friends(world)
    number, added = world.people.number[person], world.span.start + world.people.number[person] % 20 * DAY
    phone = either(number % 2 == 1, weave('"', world.people.phone.take(pa.array(person)), '"'), "")
    records = weave(',{"id":"', wxids(number), '","name":"', world.people.name.take(pa.array(person)), '","alias":"","phone":[', phone,
                    '],"friend":', choose(("true", "false"), (number % 9 == 0).astype(int)), ',"source":30,"gender":0,"type":1,"added_at":',
                    whole(added - SHANGHAI_OFFSET), "}")
    pages = page_set("wechat_personal/friends", TOOL, pulled(world.span, 0, 13, 0), "friends",
                     f'{{"owner_wxid":"{OWNER}","contacts":['.encode(), b"]}\n")
    outbox.records("wechat_personal/friends", records, pages)


def write_rooms(world: World, outbox: Outbox) -> None:
    """Both groups at each pull; whoever left is marked or missing."""
    person = old_friends(world)
    number = world.people.number[person]
    entered = world.span.start + (number % 40 + 1) * DAY + 10_000
    left = np.where(number % 5 == 2, entered + 90 * DAY, NEVER)
    for days in PULLS:
        window = pulled(world.span, days, 13, 10)
        there = np.flatnonzero((entered < window.stop) & (left + 30 * DAY > window.stop))
        if not len(there):
            continue
        gone = left[there] < window.stop
        some = number[there]
        cells = {
            "群ID": ("bare", choose(ROOMS, some // ONE_OF % len(ROOMS))), "群名称": ("bare", "茶友闲聊群"), "群主ID": ("bare", OWNER),
            "成员wxid": ("bare", wxids(some)), "昵称": ("bare", "茶友"),
            "手机号": ("bare", either(some % 3 == 0, world.people.phone.take(pa.array(person[there])), "")),
            "入群时间": ("bare", clock(entered[there])), "退群时间": ("bare", clock(np.where(gone, left[there], NEVER))),
            "状态": ("bare", either(gone, "已退群", "在群")),
        }
        outbox.lines(place("wechat_group/members", TOOL, window, "members", ".csv"), header_line(cells), body_lines(cells), "gb18030")
