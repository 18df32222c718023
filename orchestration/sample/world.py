"""One chunk of the world: its people, what reached them, what they bought and what became of it.

Belongs here: the order in which the parts are drawn. Does not: the parts themselves, or files.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from orchestration.sample.bonds import Bonds, draw_bonds
from orchestration.sample.demand import (
    caused_orders,
    first_of_each,
    gathered,
    repeat_orders,
    same_day_orders,
    spread_over_own_shops,
    uncaused_first_orders,
    wider_habits,
)
from orchestration.sample.fulfilment import Fates, draw_fates
from orchestration.sample.grievances import Grievances, after_grievances, draw_grievances
from orchestration.sample.hard_cases import HardCases, draw_hard_cases
from orchestration.sample.moments import Span
from orchestration.sample.orders import Lines, Orders, draw_orders
from orchestration.sample.people import People, draw_people
from orchestration.sample.pond import Friendships, Pond, befriend, fill_pond
from orchestration.sample.recall import Recall, draw_recall
from orchestration.sample.receivers import Receivers, draw_receivers
from orchestration.sample.streams import Streams
from orchestration.sample.text import weave, whole
from orchestration.sample.touches import Touches, partner_touches, private_touches, public_touches, together, wider_touches

LAST_ORDER_BEFORE_STOP = 120  # seconds; the last evening's export still shows every order


@dataclass(frozen=True, eq=False)
class World:
    """One chunk of people and everything that happens to them within the span. Equal to itself alone."""

    span: Span
    streams: Streams
    people: People
    touches: Touches
    pond: Pond
    friendships: Friendships
    orders: Orders
    lines: Lines
    fates: Fates
    receivers: Receivers
    bonds: Bonds
    grievances: Grievances
    hard_cases: HardCases
    recall: Recall

    def of_person(self, column: pa.Array, rows: np.ndarray) -> pa.Array:
        """A column of people, for the buyers of some orders."""
        return column.take(pa.array(self.orders.person[rows]))

    def person_ids(self, person: np.ndarray) -> pa.StringArray:
        """The true id of people of this chunk."""
        return weave("person-", whole(self.people.number[person]))


def draw_world(seed: int, chunk: int, first_person: int, size: int, first_order: int, span: Span, hard_cases: bool = False) -> World:
    """Draw the people first_person … + size and their whole story; orders are numbered from `first_order`."""
    streams = Streams(seed, chunk)
    people = draw_people(first_person, size, span, streams, hard_cases)
    public, wider = public_touches(people, span, streams), wider_touches(people, span, streams)
    caused = caused_orders(people, public, span, streams.of("public orders"))
    early = gathered(caused, uncaused_first_orders(people, span, streams))
    habitual = repeat_orders(people, first_of_each(early.person, early.at, size), span, streams)
    roaming = caused_orders(people, wider, span, streams.of("wider orders"))
    partner = partner_touches(people, span, streams)
    led = caused_orders(people, partner, span, streams.of("partner orders"))
    before_pond = gathered(early, habitual, roaming, wider_habits(people, span, streams), led)
    pond = fill_pond(people, public, before_pond, span, streams)
    private = private_touches(people, pond.joined, pond.left, span, streams)
    recall = draw_recall(people, pond, span, streams)
    recalled = caused_orders(people, recall.touches, span, streams.of("recall orders"))
    placed = gathered(before_pond, caused_orders(people, private, span, streams.of("private orders")), recalled)
    placed = spread_over_own_shops(placed, people, streams)
    grievances = draw_grievances(placed, span, streams)
    placed = after_grievances(placed, grievances, size, span, streams)
    intents = gathered(placed, same_day_orders(placed, streams))
    intents = intents.where(intents.at < span.stop - LAST_ORDER_BEFORE_STOP)
    orders, lines = draw_orders(intents, first_order, span, streams)
    orders, fates = draw_fates(orders, lines, span.stop, streams)
    touches, ties = together(public, wider, partner, private, recall.touches), befriend(pond, span, streams)
    bonds = draw_bonds(people, pond, orders, span, streams)
    cases = draw_hard_cases(people, pond, bonds, ties, orders, hard_cases, streams)
    return World(span, streams, people, touches, pond, ties, orders, lines, fates,
                 draw_receivers(people, orders, cases, chunk == 0, streams), bonds, grievances, cases, recall)
