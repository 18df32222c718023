"""The official account (公众号): its followers as batchget answers, page by page.

Belongs here: the follower list. Does not: daily figures (`daily_figures`). Who left stays as a nearly empty record.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from orchestration.sample import brand
from orchestration.sample.moments import NEVER, SHANGHAI_OFFSET
from orchestration.sample.outbox import Outbox
from orchestration.sample.private.pages import page_set, pulled
from orchestration.sample.text import choose, either, weave, whole
from orchestration.sample.world import World

SCENES = ("ADD_SCENE_QR_CODE", "ADD_SCENE_SEARCH", "ADD_SCENE_PROFILE_CARD", "ADD_SCENE_PAID", "ADD_SCENE_CHANNELS")
CODES = ("oa_parcel", "oa_store", "oa_live")
PULLS = (45, 0)  # days before the end


def scene_of(world: World, person: np.ndarray) -> np.ndarray:
    """Position in SCENES of how each person came to follow."""
    return np.minimum(world.people.number[person] * 40_503 % 9, len(SCENES) - 1) * (world.people.number[person] % 2)


def follower_objects(world: World, person: np.ndarray, is_following: np.ndarray) -> pa.StringArray:
    """One follower each, with a comma before it."""
    people, number, rows = world.people, world.people.number[person], pa.array(person)
    scene = scene_of(world, person)
    code = either(scene == 0, choose(CODES, number % 5 % len(CODES)), "")
    space = choose(("", " "), (number % 29 == 3).astype(int))  # official samples begin some union ids with a blank
    known = weave(
        ',"nickname":"","sex":0,"language":"","city":"","province":"","country":"","headimgurl":"","subscribe_time":',
        whole(np.where(world.bonds.followed[person] < NEVER, world.bonds.followed[person], 0) - SHANGHAI_OFFSET), ',"unionid":"', space,
        people.unionid.take(rows), '","remark":"","groupid":0,"tagid_list":[', whole(number % 3 + 100),
        '],"subscribe_scene":"', choose(SCENES, scene), '","qr_scene":0,"qr_scene_str":"', code, '"')
    return weave(',{"subscribe":', whole(is_following.astype(int)), ',"openid":"', world.bonds.oa_openid.take(rows), '"',
                 either(is_following, known, ""), "}")


def write_followers(world: World, outbox: Outbox) -> None:
    """Every pull of the list."""
    for days in PULLS:
        window = pulled(world.span, days, 8, 50)
        person = np.flatnonzero(world.bonds.followed < window.stop)
        objects = follower_objects(world, person, world.bonds.unfollowed[person] >= window.stop)
        pages = page_set("wechat_oa/users", brand.OFFICIAL_ACCOUNT, window, "users", b'{"user_info_list":[', b"]}\n")
        outbox.records(f"wechat_oa/users/{window.stamp}", objects, pages)
