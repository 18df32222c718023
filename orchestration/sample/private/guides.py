"""Guides of the stores (导购) and the members bound to them, as the whole list shows it at a pull.

Belongs here: its columns. Does not: who served at the till (`tills`).
"""

from __future__ import annotations

import numpy as np

from orchestration.sample import brand
from orchestration.sample.demand import first_of_each
from orchestration.sample.moments import NEVER
from orchestration.sample.outbox import Outbox
from orchestration.sample.pond import LEAVING_STAFF, STORE, staff_departure
from orchestration.sample.private.pages import place, pulled
from orchestration.sample.tables import Cells, body_lines, header_line
from orchestration.sample.text import choose, clock, either, weave
from orchestration.sample.world import World

PULLS = (60, 0)  # days before the end


def bound_at(world: World) -> np.ndarray:
    """When each person was bound to a guide: members who came through a store or bought in one; NEVER for the rest."""
    at_store = world.orders.platform == brand.STORE
    bought = first_of_each(world.orders.person[at_store], world.orders.at[at_store], len(world.people))
    came = np.where(world.pond.entry == STORE, world.pond.joined, NEVER)
    start = np.minimum(bought, came)
    return np.where((start < NEVER) & (world.bonds.member < NEVER), np.maximum(start, world.bonds.member) + 300, NEVER)


def guide_of(world: World, person: np.ndarray, moment: int | np.ndarray) -> np.ndarray:
    """Position of the guide at a moment: customers of the one who quit go to a colleague of the store."""
    store = world.people.place[person] % len(brand.STORES)
    guide = store * 2 + world.people.number[person] % 2
    return np.where((guide == LEAVING_STAFF) & (moment > staff_departure(world.span)), guide - 1, guide)


def binding_cells(world: World, person: np.ndarray, at: np.ndarray, moment: int) -> Cells:
    """One row per binding."""
    people, rows = world.people, np.asarray(person)
    guide = guide_of(world, person, moment)
    phone = either(people.number[person] % 4 == 2, "", people.phone.take(rows))
    return {
        "导购工号": ("bare", choose(brand.STAFF, guide)), "导购姓名": ("bare", weave("导购", choose(brand.STAFF, guide))),
        "会员系统": ("bare", brand.CRM_SYSTEM), "会员号": ("tab", people.member_id.take(rows)),
        "客户姓名": ("bare", people.name.take(rows)), "客户手机号": ("bare", phone), "绑定时间": ("bare", clock(at)),
        "绑定方式": ("bare", choose(("扫码绑定", "开卡绑定", "导入"), people.number[person] % 3)), "状态": ("bare", "绑定中"),
        "门店": ("bare", choose(brand.STORES, people.place[person] % len(brand.STORES))),
    }


def write_bindings(world: World, outbox: Outbox) -> None:
    """The whole list at each pull."""
    at = bound_at(world)
    for days in PULLS:
        window = pulled(world.span, days, 9, 15)
        person = np.flatnonzero(at < window.stop)
        cells = binding_cells(world, person, at[person], window.stop)
        name = place("store/guide_bindings", brand.TILL_ACCOUNT, window, "bindings", ".csv")
        outbox.lines(name, header_line(cells), body_lines(cells), "gb18030")
