"""Who brought whom (裂变 · 老带新): the table of a fission tool, and the list that staff keep by hand.

Belongs here: their columns, and what is planted in the hand list: somebody who invited themselves, and two who invited each other.
Does not: who truly brought whom (`pond`).
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from orchestration.sample import brand
from orchestration.sample.moments import DAY, NEVER
from orchestration.sample.outbox import Outbox
from orchestration.sample.private.pages import place, pulled
from orchestration.sample.tables import Cells, body_lines, header_line
from orchestration.sample.text import clock, either, weave, whole
from orchestration.sample.world import World

BY_HAND_SHARE = 0.3
TOOL, REWARD = "yutang_fission", 500  # cents


def pairs(world: World) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Invitees, their inviters (positions in the chunk), and whether the hand list tells of them."""
    guest = np.flatnonzero(world.pond.inviter >= 0)
    host = world.pond.inviter[guest] - world.people.number[0]
    return guest, host, world.people.number[guest] * 40_503 % 100 < BY_HAND_SHARE * 100


def planted(world: World) -> int:
    """How often the hand list of this chunk holds a self-referral and a cycle (0 or 1 each)."""
    return min(len(pairs(world)[0]), 1)


def tool_cells(world: World) -> Cells:
    """Rows of participants: roots have no superior, everybody else names the row of theirs."""
    guest, host, by_hand = pairs(world)
    guest, host = guest[~by_hand], host[~by_hand]
    roots = np.setdiff1d(host, guest)
    person, above = np.concatenate([roots, guest]), np.concatenate([np.full(len(roots), -1), host])
    number, joined = world.people.number[person], world.pond.joined[person]
    order = np.lexsort((number, joined))
    person, above, number, joined = person[order], above[order], number[order], joined[order]
    level = np.minimum((above >= 0).astype(int) + (world.pond.inviter[np.maximum(above, 0)] >= 0) * (above >= 0), 2)
    rows, lost = pa.array(person), world.pond.left[person] < NEVER
    superior = np.where(above >= 0, world.people.number[np.maximum(above, 0)] + 1, 0)
    return {
        "id": ("bare", whole(number + 1)), "fission_id": ("bare", "12"), "corp_id": ("bare", brand.CORP),
        "union_id": ("bare", world.people.unionid.take(rows)), "external_user_id": ("bare", world.people.external_userid.take(rows)),
        "nickname": ("bare", world.people.name.take(rows)), "contact_superior_user_parent": ("bare", whole(superior)),
        "level": ("bare", whole(level)), "loss": ("bare", whole(lost.astype(int))), "is_new": ("bare", whole((above >= 0).astype(int))),
        "created_at": ("bare", clock(joined)),
    }


def hand_cells(world: World) -> Cells:
    """Rows of the hand list; the first pair of the world also stands the wrong way round, and its inviter invites herself."""
    guest, host, by_hand = pairs(world)
    wrong = planted(world)
    later = world.pond.joined[guest[:wrong]] + 9 * DAY
    inviter = np.concatenate([host[by_hand], guest[:wrong], host[:wrong]])
    invitee = np.concatenate([guest[by_hand], host[:wrong], host[:wrong]])
    at = np.concatenate([world.pond.joined[guest[by_hand]], later, later + DAY])
    names, phones = world.people.name, world.people.phone
    return {
        "活动": ("bare", "老带新茶礼"), "邀请人": ("bare", names.take(pa.array(inviter))),
        "邀请人手机号": ("bare", phones.take(pa.array(inviter))), "被邀请人昵称": ("bare", names.take(pa.array(invitee))),
        "被邀请人手机号": ("bare", weave(phones.take(pa.array(invitee)), either(invitee % 5 == 0, "\t", ""))),
        "邀请时间": ("bare", clock(np.minimum(at, world.span.stop - DAY))), "奖励金额": ("bare", f"{REWARD // 100}"),
    }


def write_referrals(world: World, outbox: Outbox) -> None:
    """The tool's table and the hand list."""
    window = pulled(world.span, 0, 11, 0)
    for stem, cells, encoding in (("work_fission", tool_cells(world), "utf-8"), ("hand", hand_cells(world), "gb18030")):
        outbox.lines(place("referral/relations", TOOL, window, stem, ".csv"), header_line(cells), body_lines(cells), encoding)
