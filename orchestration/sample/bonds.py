"""What ties people to the brand beside a friend at WeCom: the official account, a group, the mini program, the membership.

Belongs here: when each relation begins and ends, one value per person. Does not: how a platform lists it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from orchestration.sample import brand
from orchestration.sample.demand import first_of_each
from orchestration.sample.moments import DAY, HOUR, NEVER, Span
from orchestration.sample.orders import Orders
from orchestration.sample.people import People
from orchestration.sample.pond import Pond
from orchestration.sample.streams import Streams
from orchestration.sample.text import random_text, weave
from orchestration.sample.touches import pond_channels

FOLLOWS_UNASKED = 0.07  # of buyers outside the pond, who follow the official account all the same
MEMBER_SHARE = 0.62  # of people in the pond or with an order in the brand's own shops
PHONE_BOUND_SHARE = 0.58  # of mini-program users, who let the platform confirm their phone
UNFOLLOW_PER_DAY, QUIT_GROUP_PER_DAY = 1 / 500, 1 / 260
POND = {channel.code: position for position, channel in enumerate(brand.PRIVATE)}
OWN_SHOPS = (brand.YOUZAN, brand.WEIMOB, brand.STORE)


@dataclass(frozen=True)
class Bonds:
    """One value per person; NEVER where it does not happen within the span."""

    oa_openid: pa.StringArray  # the id in the official account, another than in the mini program
    followed: np.ndarray
    unfollowed: np.ndarray
    entered_group: np.ndarray
    left_group: np.ndarray
    visited: np.ndarray  # first login to the mini program
    bound_phone: np.ndarray  # the platform confirmed the phone
    member: np.ndarray  # joined the membership


def draw_bonds(people: People, pond: Pond, orders: Orders, span: Span, streams: Streams) -> Bonds:
    """Relations of each person: most begin around the moment the person joins the pond, some with the first order."""
    draws, size = streams.of("bonds"), len(people)
    uses = pond_channels(size, streams)
    bought = first_of_each(orders.person, orders.at, size)
    in_mini = np.isin(orders.platform, (brand.YOUZAN,))
    bought_mini = first_of_each(orders.person[in_mini], orders.at[in_mini], size)

    before = pond.joined - (draws.exponential(9, size) * DAY).astype(np.int64)
    unasked = (pond.joined == NEVER) & (draws.random(size) < FOLLOWS_UNASKED)
    followed = np.where(unasked, bought + (draws.exponential(6, size) * DAY).astype(np.int64), np.maximum(before, people.arrived))
    followed = _within(np.where(uses[:, POND["oa"]] | unasked, followed, NEVER), span)
    shift = np.where(draws.random(size) < 0.5, -draws.exponential(5, size), draws.exponential(3, size)) * DAY
    entered = np.maximum(np.where(pond.joined < NEVER, pond.joined, 0) + shift.astype(np.int64), people.arrived + 60)
    entered = _within(np.where((pond.joined < NEVER) & uses[:, POND["wecom_group"]], entered, NEVER), span)
    invited = np.where(uses[:, POND["mini_program"]], pond.joined + (draws.exponential(20, size) * HOUR).astype(np.int64), NEVER)
    visited = _within(np.minimum(bought_mini - (draws.exponential(40, size) * 60).astype(np.int64) - 90, invited), span)
    bound = visited + 30 + (draws.exponential(3, size) * DAY).astype(np.int64)
    bound = _within(np.where((visited < NEVER) & (draws.random(size) < PHONE_BOUND_SHARE), bound, NEVER), span)
    return Bonds(
        weave("oOA00", random_text(streams.of("official account keys"), size, 23)),
        followed, _ended(followed, UNFOLLOW_PER_DAY, span, draws), entered, _ended(entered, QUIT_GROUP_PER_DAY, span, draws),
        visited, bound, _members(people, pond, orders, span, streams))


def _members(people: People, pond: Pond, orders: Orders, span: Span, streams: Streams) -> np.ndarray:
    draws, size = streams.of("members"), len(people)
    private = np.isin(orders.platform, OWN_SHOPS)
    start = np.minimum(pond.joined, first_of_each(orders.person[private], orders.at[private], size))
    at = start + (draws.exponential(4, size) * DAY).astype(np.int64) + 120
    joined = _within(np.where((start < NEVER) & (draws.random(size) < MEMBER_SHARE), at, NEVER), span)
    return np.minimum(joined, people.member_since)


def _within(moments: np.ndarray, span: Span) -> np.ndarray:
    return np.where(moments < span.stop - HOUR, np.maximum(moments, span.start), NEVER)


def _ended(begun: np.ndarray, per_day: float, span: Span, draws: np.random.Generator) -> np.ndarray:
    end = begun + HOUR + (draws.exponential(1 / per_day, len(begun)) * DAY).astype(np.int64)
    return np.where((begun < NEVER) & (end < span.stop), end, NEVER)
