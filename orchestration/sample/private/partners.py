"""Leads that partner brands pass on (他域合作留资).

Belongs here: the list's columns. Does not: who leaves a lead (`touches`).
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from orchestration.sample import brand
from orchestration.sample.outbox import Outbox
from orchestration.sample.private.pages import place, pulled
from orchestration.sample.tables import body_lines, header_line
from orchestration.sample.text import choose, clock
from orchestration.sample.world import World

PARTNERS, CODES = ("山谷瑜伽", "拾光书店"), ("partner_yoga", "partner_book")


def write_leads(world: World, outbox: Outbox) -> None:
    """One row per lead."""
    rows = np.flatnonzero(world.touches.channel == brand.POSITION["partner"])
    person, at, people = world.touches.person[rows], world.touches.at[rows], world.people
    partner, where = people.number[person] % 2, people.place[person]
    provinces, cities, *_ = zip(*brand.PLACES, strict=True)
    cells = {
        "合作品牌": ("bare", choose(PARTNERS, partner)), "活动名称": ("bare", choose(("联名茶礼", "读书会"), partner)),
        "渠道码": ("bare", choose(CODES, partner)), "称呼": ("bare", people.name.take(pa.array(person))),
        "联系电话": ("bare", people.phone.take(pa.array(person))), "提交时间": ("bare", clock(at)), "线索单价": ("bare", "6.00"),
        "省份": ("bare", choose(provinces, where)), "城市": ("bare", choose(cities, where)),
    }
    name = place("partner/leads", "alliance", pulled(world.span, 0, 12, 0), "leads", ".csv")
    outbox.lines(name, header_line(cells), body_lines(cells), "gb18030")
