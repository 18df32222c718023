"""What reaches people: touches in public channels, and in private ones while they are in the pond.

Belongs here: who sees what, when, and what it truly adds to the chance of buying. Does not: orders, files.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from orchestration.sample import brand
from orchestration.sample.moments import DAY, HOUR, Span
from orchestration.sample.people import People
from orchestration.sample.streams import Streams

# how a shopper of each home (Taobao, Douyin, private) meets the public channels, in the order of brand.PUBLIC
PUBLIC_MIX = np.array([
    [0.30, 0.26, 0.26, 0.05, 0.05, 0.04, 0.04],
    [0.03, 0.03, 0.03, 0.30, 0.25, 0.16, 0.20],
    [0.14, 0.14, 0.10, 0.18, 0.18, 0.12, 0.14],
])
PUBLIC_TOUCHES = np.array([7.0, 7.6, 1.2])  # mean per person of each home
WIDER_TOUCHES = 7.0  # mean per person who roams
PRIVATE_PER_MONTH = np.array([1.3, 1.7, 1.1, 0.9, 0.4, 0.35, 0.3])  # mean of a person who is in that channel, in the order of brand.PRIVATE
PRIVATE_SHARE = np.array([1.0, 0.5, 0.4, 0.55, 0.5, 0.6, 0.25])  # share of the pond's people who are in that channel
LEAD_SHARE = 0.035  # of people, who leave their phone with a partner brand
PROMOTED_SHARE = 0.10  # share of touches that a day of sale draws to itself
HIGHEST_CHANCE = 0.85


@dataclass(frozen=True)
class Touches:
    """One value per touch."""

    person: np.ndarray  # position in the chunk
    at: np.ndarray
    channel: np.ndarray  # position in brand.CODES
    chance: np.ndarray  # true incremental probability that this touch makes this person buy

    def __len__(self) -> int:
        return len(self.person)

    def where(self, mask: np.ndarray) -> Touches:
        return Touches(self.person[mask], self.at[mask], self.channel[mask], self.chance[mask])


def together(*parts: Touches) -> Touches:
    """Sets of touches as one, in order of person and time."""
    columns = [np.concatenate(column) for column in zip(*((p.person, p.at, p.channel, p.chance) for p in parts), strict=True)]
    order = np.lexsort((columns[2], columns[1], columns[0]))
    return Touches(*(column[order] for column in columns))


def running_total(values: np.ndarray, counts: np.ndarray) -> np.ndarray:
    """Cumulative sums that begin anew (at 0, before the first value) in each group of `counts` neighbours."""
    total = np.cumsum(values)
    firsts = np.concatenate(([0], np.cumsum(counts)[:-1]))
    held = counts > 0
    return total - np.repeat(total[firsts[held]], counts[held])


def _chances(channel: np.ndarray, at: np.ndarray, leaning: np.ndarray, span: Span) -> np.ndarray:
    effects = np.array([entry.effect for entry in brand.CHANNELS])
    return np.minimum(effects[channel] * leaning * np.sqrt(span.lift_at(at)), HIGHEST_CHANCE)


def public_touches(people: People, span: Span, streams: Streams) -> Touches:
    """Touches that are bought or earned outside the pond, on and around the three home platforms."""
    draws = streams.of("public touches")
    mean = PUBLIC_TOUCHES[people.home] * np.sqrt(people.leaning)
    return _scattered(people, span, draws, mean, lambda person: np.cumsum(PUBLIC_MIX, axis=1)[people.home[person]], 0)


def wider_touches(people: People, span: Span, streams: Streams) -> Touches:
    """Touches on further platforms and media, of people who roam."""
    draws = streams.of("wider touches")
    mean = np.where(people.roams, WIDER_TOUCHES * np.sqrt(people.leaning), 0)
    shares = np.array([channel.share for channel in brand.WIDER])
    bounds = np.cumsum(shares / shares.sum())[None, :]
    return _scattered(people, span, draws, mean, lambda person: bounds, brand.POSITION[brand.WIDER[0].code])


def _scattered(
    people: People, span: Span, draws: np.random.Generator, mean: np.ndarray, bounds_of: Callable[[np.ndarray], np.ndarray], first: int,
) -> Touches:
    """`mean` touches per person from arrival on; `bounds_of` gives cumulative shares of the channels that begin at position `first`."""
    counts = draws.poisson(mean)
    person = np.repeat(np.arange(len(people)), counts)
    gaps = draws.exponential(24 * DAY, len(person))
    at = people.arrived[person] + running_total(gaps, counts).astype(np.int64)
    promoted = draws.random(len(person)) < PROMOTED_SHARE
    on_sale = span.sale_moments(draws.random(len(person)))
    at = np.where(promoted & (on_sale > people.arrived[person]), on_sale, at)
    at = at - at % DAY + (7.5 * HOUR + draws.beta(2.2, 1.6, len(person)) * 16 * HOUR).astype(np.int64)
    bounds = bounds_of(person)
    channel = first + np.minimum((draws.random(len(person))[:, None] >= bounds).sum(axis=1), bounds.shape[1] - 1)
    inside = (at >= span.start) & (at < span.stop)
    touches = Touches(person, at, channel, _chances(channel, at, people.leaning[person], span))
    return touches.where(inside)


def partner_touches(people: People, span: Span, streams: Streams) -> Touches:
    """Leads that people leave with a partner brand, one each at most."""
    draws = streams.of("partner touches")
    person = np.flatnonzero(draws.random(len(people)) < LEAD_SHARE)
    at = people.arrived[person] + (draws.exponential(12, len(person)) * DAY).astype(np.int64) + 11 * HOUR
    channel = np.full(len(person), brand.POSITION["partner"])
    touches = Touches(person, at, channel, _chances(channel, at, people.leaning[person], span))
    return touches.where(at < span.stop)


def pond_channels(size: int, streams: Streams) -> np.ndarray:
    """Which channels of the pond each person uses once there: booleans, people × brand.PRIVATE."""
    return streams.of("pond channels").random((size, len(PRIVATE_SHARE))) < PRIVATE_SHARE


def private_touches(people: People, joined: np.ndarray, left: np.ndarray, span: Span, streams: Streams) -> Touches:
    """Touches inside the pond, between each person's joining and leaving."""
    draws = streams.of("private touches")
    until = np.minimum(left, span.stop)
    months = np.maximum(until - joined, 0) / (30 * DAY)
    rates = PRIVATE_PER_MONTH * pond_channels(len(people), streams)
    counts = draws.poisson(rates * months[:, None])
    cell = np.repeat(np.arange(counts.size), counts.ravel())
    person, channel = cell // counts.shape[1], cell % counts.shape[1] + len(brand.PUBLIC)
    at = joined[person] + (draws.random(len(person)) * (until - joined)[person]).astype(np.int64)
    promoted = draws.random(len(person)) < PROMOTED_SHARE
    on_sale = span.sale_moments(draws.random(len(person)))
    at = np.where(promoted & (on_sale > joined[person]) & (on_sale < until[person]), on_sale, at)
    return Touches(person, at, channel, _chances(channel, at, people.leaning[person], span))
