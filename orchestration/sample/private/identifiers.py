"""Under which ids the private channels' exports show people: the truth about their keys.

Belongs here: key types and scopes as the contracts name them, and who stands in which file. Does not: files.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from orchestration.sample import brand
from orchestration.sample.moments import NEVER
from orchestration.sample.private import keys, legacy, trackers, weimob
from orchestration.sample.wechat_pay import is_billed
from orchestration.sample.world import World

Key = tuple[str, str, pa.StringArray, np.ndarray]  # type, scope, one value per person, who stands somewhere under it


def _people_of(world: World, positions: np.ndarray) -> np.ndarray:
    mask = np.zeros(len(world.people), dtype=bool)
    mask[positions] = True
    return mask


def shows_phone(world: World) -> np.ndarray:
    """People whose own phone stands in some private export."""
    bonds, old = world.bonds, legacy.old_friends(world)
    lead = world.touches.person[world.touches.channel == brand.POSITION["partner"]]
    mall = _people_of(world, weimob.buyers(world))
    return (bonds.member < NEVER) | (bonds.bound_phone < NEVER) | mall | _people_of(world, lead) | _people_of(world, old)


def openid_known(world: World) -> np.ndarray:
    """People whose openid in the mini program stands in some export."""
    return ((world.bonds.visited < NEVER) | (world.bonds.member < NEVER) | _people_of(world, world.orders.person[is_billed(world)])
            | _people_of(world, weimob.buyers(world))
            | _people_of(world, world.touches.person[trackers.visits(world, trackers.IN_MINI_PROGRAM, trackers.SEEN_IN_MINI_PROGRAM)]))


def private_keys(world: World) -> tuple[Key, ...]:
    """Keys that only private exports hold."""
    number, bonds = world.people.number, world.bonds
    member, mall = bonds.member < NEVER, _people_of(world, weimob.buyers(world))
    old = _people_of(world, legacy.old_friends(world))
    in_app = _people_of(world, world.touches.person[trackers.visits(world, trackers.IN_MINI_PROGRAM, trackers.SEEN_IN_MINI_PROGRAM)])
    on_site = _people_of(world, world.touches.person[trackers.visits(world, trackers.ON_SITE, trackers.SEEN_ON_SITE)])
    return (
        ("openid", brand.OFFICIAL_ACCOUNT, bonds.oa_openid, bonds.followed < NEVER),
        ("wid", brand.WEIMOB_BOS, keys.wids(number), mall), ("super_wid", "weimob", keys.super_wids(number), mall),
        ("pos_customer_uid", brand.TILL_ACCOUNT, keys.till_customers(number), member),
        ("login_id", brand.APP_ACCOUNT, keys.logins(number), member), ("distinct_id", brand.APP_ACCOUNT, keys.logins(number), member),
        ("distinct_id", brand.APP_ACCOUNT, keys.devices(number, trackers.FAMILY["sensors"]), member | in_app),
        ("user_pseudo_id", brand.APP_ACCOUNT, trackers.pseudo_ids(number), on_site & (number % 2 == 0)),
        ("domain_userid", brand.APP_ACCOUNT, keys.devices(number, trackers.FAMILY["snowplow"]), on_site & (number % 2 == 1)),
        ("wxid", legacy.TOOL, keys.wxids(number), old),
    )
