"""The ground truth of the pond: relations, complaints and referrals of one chunk as Arrow tables.

Belongs here: what is true, whether an export shows it or not. Does not: files that land.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from orchestration.sample import brand
from orchestration.sample.moments import NEVER
from orchestration.sample.private import guides, referrals, service
from orchestration.sample.text import choose, either
from orchestration.sample.world import World


def times(moments: np.ndarray) -> pa.Array:
    """Moments as timestamps, NULL for what never comes."""
    return pa.array(moments, mask=moments >= NEVER).cast(pa.timestamp("s")).cast(pa.timestamp("us"))


def bonds_table(world: World) -> pa.Table:
    """One row per person: when each relation beside the WeCom friend began and ended."""
    bonds = world.bonds
    moments = {
        "followed_at": bonds.followed, "unfollowed_at": bonds.unfollowed, "entered_group_at": bonds.entered_group,
        "left_group_at": bonds.left_group, "first_login_at": bonds.visited, "bound_phone_at": bonds.bound_phone, "member_at": bonds.member,
        "bound_to_guide_at": guides.bound_at(world),
    }
    return pa.table({"person_id": world.person_ids(np.arange(len(world.people))), **{name: times(at) for name, at in moments.items()}})


def complaints_table(world: World) -> pa.Table:
    """One row per complaint that was raised; `resolved_at` is NULL where nobody helped."""
    found, order = service.complaints(world)
    _, numbers = service.order_numbers(world, order)
    told = world.grievances
    return pa.table({
        "person_id": world.person_ids(told.person[found]), "platform": choose(brand.PLATFORMS, world.orders.platform[order]),
        "order_id": numbers, "complained_at": times(told.at[found]), "resolved_at": times(told.resolved[found]),
        "problem": choose([problem.lower() for problem in service.PROBLEMS], told.problem[found]),
    })


def referrals_table(world: World) -> pa.Table:
    """One row per person whom somebody brought, and which list tells of it."""
    guest, host, by_hand = referrals.pairs(world)
    return pa.table({
        "person_id": world.person_ids(guest), "inviter_id": world.person_ids(host), "invited_at": times(world.pond.joined[guest]),
        "list": either(by_hand, "hand", "work_fission"),
    })
