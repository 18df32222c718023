"""WeCom customer groups (客户群): who is in each group at a pull, staff among them.

Belongs here: groupchat/get as JSON lines. Does not: why people enter. Who left is missing from the next pull; no event tells.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from orchestration.sample import brand
from orchestration.sample.moments import SHANGHAI_OFFSET
from orchestration.sample.outbox import Outbox
from orchestration.sample.private.pages import grouped_lines, place, pulled
from orchestration.sample.text import either, weave, whole
from orchestration.sample.world import World

PULLS = (90, 30, 0)  # days before the end
PEOPLE_PER_SET, GROUPS_PER_SET = 5_000, 6
CODED_SHARE = 0.45  # who came by the group code on a parcel card
CODE = "grp_parcel"


def group_of(world: World, person: np.ndarray) -> np.ndarray:
    """The number of the group that a person would enter."""
    number = world.people.number[person]
    return number // PEOPLE_PER_SET * GROUPS_PER_SET + number % GROUPS_PER_SET


def chat_id(group: int) -> str:
    """WeCom's id of a group."""
    return f"wrYT00{group:022d}"


def owner(group: int) -> str:
    """The guide whose group it is."""
    return brand.STAFF[group % GROUPS_PER_SET]


def _head(group: int, created: int) -> str:
    staff = f'{{"userid":"{owner(group)}","type":1,"join_time":{created},"join_scene":1,"invitor":{{"userid":"{owner(group)}"}}}},'
    return (f'{{"errcode":0,"errmsg":"ok","group_chat":{{"chat_id":"{chat_id(group)}","name":"茶友{group + 1}群","owner":"{owner(group)}",'
            f'"create_time":{created},"notice":"","member_version":"{group:032d}","admin_list":[],"member_list":[{staff}')


def member_objects(world: World, person: np.ndarray) -> pa.StringArray:
    """One member each, with a comma before it."""
    people, number, rows = world.people, world.people.number[person], pa.array(person)
    coded = number * 97_531 % 100 < CODED_SHARE * 100
    how = either(coded, f',"join_scene":3,"state":"{CODE}"', ',"join_scene":1')
    unionid = either(number % 10 != 4, weave(',"unionid":"', people.unionid.take(rows), '"'), "")
    space = either(number % 31 == 5, " ", "")  # official samples end some ids with a blank
    return weave(',{"userid":"', people.external_userid.take(rows), space, '","type":2', unionid, ',"join_time":',
                 whole(world.bonds.entered_group[person] - SHANGHAI_OFFSET), how, "}")


def write_groups(world: World, outbox: Outbox) -> None:
    """One line per group and pull."""
    for days in PULLS:
        window = pulled(world.span, days, 8, 40)
        person = np.flatnonzero((world.bonds.entered_group < window.stop) & (world.bonds.left_group >= window.stop))
        numbers = group_of(world, person)
        low = int(numbers.min(initial=0))
        heads = [_head(group, world.span.start - SHANGHAI_OFFSET) for group in range(low, int(numbers.max(initial=-1)) + 1)]
        lines = grouped_lines(heads, member_objects(world, person), numbers - low, "]}}\n")
        if len(lines):
            outbox.lines(place("wecom/groups", brand.CORP, window, "groups", ".jsonl"), "", lines)
            outbox.rows["wecom/groups"] += len(person)
