"""Complaints (投诉): who has one, whether the brand makes it good, and what that does to the trust that later orders need.

Belongs here: the trust loop as it truly is. Does not: how complaints are reported.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from orchestration.sample import brand
from orchestration.sample.demand import Intents, gathered
from orchestration.sample.moments import DAY, HOUR, NEVER, Span
from orchestration.sample.streams import Streams

TELLING = (brand.TAOBAO, brand.TMALL, brand.YOUZAN, brand.WEIMOB, brand.STORE)
COMPLAINT_SHARE = 0.055  # of orders in those shops
RESOLVED_SHARE = 0.64
REGAINED_SHARE = 0.50  # of resolved complaints, who soon buy again because of it
LOST_SHARE = 0.75  # of later orders that an unresolved complaint prevents
PROBLEMS = ("DAMAGED", "LATE", "WRONG_GOODS", "TASTE", "SERVICE")


@dataclass(frozen=True)
class Grievances:
    """One value per complaint; NEVER where it was not resolved."""

    person: np.ndarray
    ordered: np.ndarray  # moment of the order it is about
    at: np.ndarray
    resolved: np.ndarray
    problem: np.ndarray

    def __len__(self) -> int:
        return len(self.person)


def draw_grievances(intents: Intents, span: Span, streams: Streams) -> Grievances:
    """Complaints about some of the intended orders, days after them."""
    draws, size = streams.of("complaints"), len(intents)
    told = (draws.random(size) < COMPLAINT_SHARE) & np.isin(intents.platform, TELLING)
    at = intents.at + ((2 + draws.gamma(4, 1.5, size)) * DAY).astype(np.int64)
    resolved = at + 2 * HOUR + (draws.exponential(22, size) * HOUR).astype(np.int64)
    resolved = np.where((draws.random(size) < RESOLVED_SHARE) & (resolved < span.stop), resolved, NEVER)
    rows = np.flatnonzero(told & (at < span.stop))
    return Grievances(intents.person[rows], intents.at[rows], at[rows], resolved[rows],
                      draws.choice(len(PROBLEMS), size, p=[0.3, 0.25, 0.15, 0.2, 0.1])[rows])


def after_grievances(intents: Intents, grievances: Grievances, size: int, span: Span, streams: Streams) -> Intents:
    """The orders that follow: a complaint made good wins one back, one that was not drives later ones away."""
    draws = streams.of("trust")
    good = (grievances.resolved < NEVER) & (draws.random(len(grievances)) < REGAINED_SHARE)
    wait = ((4 + draws.exponential(14, len(grievances))) * DAY).astype(np.int64)
    again = np.where(grievances.resolved < NEVER, grievances.resolved, 0) + wait
    _, position = orders_of(grievances, intents.person, intents.at)  # each complaint was drawn from one of these intents
    regained = Intents(grievances.person, again, np.full(len(grievances), brand.DIRECT), intents.platform[position])
    regained = regained.where(good & (again < span.stop))
    bad = np.full(size, NEVER, dtype=np.int64)
    sour = grievances.resolved == NEVER
    np.minimum.at(bad, grievances.person[sour], grievances.at[sour])
    lost = (intents.at > bad[intents.person]) & (draws.random(len(intents)) < LOST_SHARE)
    return gathered(intents.where(~lost), regained)


def orders_of(grievances: Grievances, person: np.ndarray, at: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Which orders (given by buyer and moment) the complaints are about: positions of complaints and of their orders."""
    order = np.lexsort((at, person))
    keys = person[order] << 32 | at[order]
    wanted = grievances.person << 32 | grievances.ordered
    place = np.minimum(np.searchsorted(keys, wanted), max(len(keys) - 1, 0))
    found = np.flatnonzero(keys[place] == wanted) if len(keys) else np.array([], dtype=np.int64)
    return found, order[place[found]] if len(found) else found

