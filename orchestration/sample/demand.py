"""Who buys when, where and why: orders caused by touches, orders out of habit, and repeat purchases.

Belongs here: the causal law of the world. Does not: what is in the order, or what becomes of it.
A repeat customer buys at an individual pace for an individual lifetime (Poisson purchases, gamma pace, exponential lifetime:
the Pareto/NBD world of Schmittlein, Morrison and Colombo, 1987).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from orchestration.sample import brand
from orchestration.sample.moments import DAY, HOUR, NEVER, Span
from orchestration.sample.people import People
from orchestration.sample.streams import Streams
from orchestration.sample.touches import PROMOTED_SHARE, Touches

UNCAUSED_FIRST = 0.33  # share of people who find the shop without any touch
LOYAL_TO_HOME = 0.86
NIGHT = 6 * HOUR + 1_800
WIDER_HABIT = 1.35  # orders per span of a person who roams, outside the home
SAME_DAY_SHARE = 0.035  # orders followed by another one on the same day
POND_SHOPS = (0.34, 0.05, 0.61)  # where an order caused inside the pond is placed
MINI_ONLY_SHARE = 0.62  # people who use no other shop of the brand than its mini program
OWN_SHOPS = (brand.YOUZAN, brand.WEIMOB, brand.STORE)
OWN_SHOP_MIX = (0.32, 0.28, 0.40)  # of everybody else's orders
STORE_OPENS, STORE_CLOSES = 10 * HOUR, 21 * HOUR + 1_800


@dataclass(frozen=True)
class Intents:
    """One value per intended order."""

    person: np.ndarray
    at: np.ndarray
    cause: np.ndarray  # position in brand.CODES, or DIRECT
    platform: np.ndarray

    def __len__(self) -> int:
        return len(self.person)

    def where(self, mask: np.ndarray) -> Intents:
        return Intents(self.person[mask], self.at[mask], self.cause[mask], self.platform[mask])


def gathered(*parts: Intents) -> Intents:
    """All intents in order of time; who would buy in the night buys in the morning."""
    columns = [np.concatenate(column) for column in zip(*((p.person, p.at, p.cause, p.platform) for p in parts), strict=True)]
    columns[1] = np.where(columns[1] % DAY < NIGHT, columns[1] + NIGHT, columns[1])
    order = np.lexsort((columns[0], columns[1]))
    return Intents(*(column[order] for column in columns))


def first_of_each(person: np.ndarray, at: np.ndarray, size: int) -> np.ndarray:
    """Each person's earliest moment, NEVER where there is none."""
    earliest = np.full(size, NEVER, dtype=np.int64)
    np.minimum.at(earliest, person, at)
    return earliest


def caused_orders(people: People, touches: Touches, span: Span, draws: np.random.Generator) -> Intents:
    """The orders that touches cause: each with its own chance, after its channel's delay, in its channel's shop."""
    bought = draws.random(len(touches)) < touches.chance
    delay = np.array([entry.delay_hours for entry in brand.CHANNELS])[touches.channel] * draws.exponential(1, len(touches)) * HOUR
    leads_to = np.array([entry.leads_to for entry in brand.CHANNELS])[touches.channel]
    in_pond = draws.choice(3, len(touches), p=POND_SHOPS)
    at = touches.at + 60 + delay.astype(np.int64)
    platform = np.where(leads_to >= 0, leads_to, np.where(leads_to == brand.HOME, people.home[touches.person], in_pond))
    intents = Intents(touches.person, at, touches.channel, platform)
    return intents.where(bought & (at < span.stop))


def uncaused_first_orders(people: People, span: Span, streams: Streams) -> Intents:
    """First purchases of people who come by themselves."""
    draws = streams.of("first orders")
    person = np.flatnonzero(draws.random(len(people)) < UNCAUSED_FIRST * np.where(people.home == brand.YOUZAN, 2.6, 1.0))
    at = people.arrived[person] + (draws.exponential(5, len(person)) * DAY).astype(np.int64)
    intents = Intents(person, at, np.full(len(person), brand.DIRECT), people.home[person].astype(np.int64))
    return intents.where(at < span.stop)


def wider_habits(people: People, span: Span, streams: Streams) -> Intents:
    """Purchases outside the homes that nothing but habit causes: who roams has one further shop, and buys there now and then."""
    draws = streams.of("wider habits")
    shares = np.array([
        sum(channel.share for channel in brand.WIDER if channel.leads_to == platform) for platform, _ in enumerate(brand.PLATFORMS)])
    second_home = draws.choice(len(shares), len(people), p=shares / shares.sum())
    length = np.maximum(span.stop - people.arrived, 0)
    counts = draws.poisson(np.where(people.roams, WIDER_HABIT * people.leaning, 0) * length / (span.stop - span.start))
    person = np.repeat(np.arange(len(people)), counts)
    at = people.arrived[person] + (draws.random(len(person)) * length[person]).astype(np.int64)
    return Intents(person, at, np.full(len(person), brand.DIRECT), second_home[person]).where(at < span.stop)


def repeat_orders(people: People, first_at: np.ndarray, span: Span, streams: Streams) -> Intents:
    """Purchases after the first that nothing but habit causes."""
    draws = streams.of("repeats")
    until = np.minimum(first_at + people.lifetime, span.stop)
    length = np.maximum(until - first_at, 0)
    counts = draws.poisson(people.pace * length)
    person = np.repeat(np.arange(len(people)), counts)
    at = first_at[person] + (draws.random(len(person)) * length[person]).astype(np.int64)
    promoted = draws.random(len(person)) < PROMOTED_SHARE
    on_sale = span.sale_moments(draws.random(len(person)))
    at = np.where(promoted & (on_sale > first_at[person]) & (on_sale < until[person]), on_sale, at)
    at = at - at % DAY + (7.5 * HOUR + draws.beta(2.2, 1.6, len(person)) * 16 * HOUR).astype(np.int64)
    elsewhere = draws.choice(3, len(person), p=[0.5, 0.25, 0.25])
    platform = np.where(draws.random(len(person)) < LOYAL_TO_HOME, people.home[person], elsewhere)
    intents = Intents(person, at, np.full(len(person), brand.DIRECT), platform)
    return intents.where((at > first_at[person]) & (at < span.stop))


def spread_over_own_shops(intents: Intents, people: People, streams: Streams) -> Intents:
    """Some of the orders of the brand's own shop are placed in its Weimob mall or, while they are open, in its stores."""
    draws = streams.of("own shops")
    mixes = draws.random(len(people)) >= MINI_ONLY_SHARE
    shop = np.array(OWN_SHOPS)[draws.choice(3, len(intents), p=OWN_SHOP_MIX)]
    clock = intents.at % DAY
    closed = (shop == brand.STORE) & ((clock < STORE_OPENS) | (clock > STORE_CLOSES))
    moves = (intents.platform == brand.YOUZAN) & mixes[intents.person] & ~closed
    return replace(intents, platform=np.where(moves, shop, intents.platform))


def same_day_orders(intents: Intents, streams: Streams) -> Intents:
    """Second orders an hour or so after a first one, as happens when a customer forgot something."""
    draws = streams.of("same day")
    again = draws.random(len(intents)) < SAME_DAY_SHARE
    at = intents.at + (draws.exponential(0.8, len(intents)) * HOUR).astype(np.int64) + 90
    same_day = at // DAY == intents.at // DAY
    repeated = Intents(intents.person, at, np.full(len(intents), brand.DIRECT), intents.platform)
    return repeated.where(again & same_day)
