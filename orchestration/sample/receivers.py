"""Whose phone stands on a parcel: the buyer's, mostly; else a masked, rented, made-up or borrowed one.

Belongs here: the trouble that receiver phones make for identity. Does not: how platforms print them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from orchestration.sample import brand
from orchestration.sample.hard_cases import STAFF_PHONES, HardCases
from orchestration.sample.orders import Orders
from orchestration.sample.people import People, phone_of
from orchestration.sample.streams import Streams
from orchestration.sample.text import choose, digits, either, weave

OWN, SECOND, MASKED, PRIVACY, PLACEHOLDER, SHARED, GUIDE = range(7)
MIX = (0.83, 0.08, 0.05, 0.03, 0.01)
PLACEHOLDER_PHONE = "13800138000"
SHARED_PHONE = phone_of(np.array([0]), "1880")[0].as_py()  # the phone of the shop's counter, given by staff for many customers
SHARED_BUYERS = 26


@dataclass(frozen=True)
class Receivers:
    """One value per order."""

    kind: np.ndarray
    phone: pa.StringArray


def draw_receivers(people: People, orders: Orders, cases: HardCases, has_counter: bool, streams: Streams) -> Receivers:
    """Draw a receiver phone for every order; in the chunk that has the counter, some Taobao buyers send to its phone."""
    draws, size = streams.of("receivers"), len(orders)
    kind = draws.choice(5, size, p=MIX)
    kind = np.where((kind == SECOND) & ~people.has_second_phone[orders.person], OWN, kind)
    if has_counter:
        at_taobao = np.flatnonzero((orders.platform == brand.TAOBAO) & (orders.kind == brand.SALE))
        _, one_each = np.unique(orders.person[at_taobao], return_index=True)
        kind[at_taobao[one_each[:: max(1, len(one_each) // SHARED_BUYERS)][:SHARED_BUYERS]]] = SHARED
    kind = np.where(cases.staff >= 0, GUIDE, kind)
    own = people.phone.take(pa.array(orders.person))
    masked = weave(pc.utf8_slice_codeunits(own, 0, 3), "****", pc.utf8_slice_codeunits(own, 7, 11))
    rented = weave("1700", digits(draws.integers(0, 10_000_000, size), 7), choose(("-", "转"), draws.integers(0, 2, size)),
                   digits(draws.integers(1_000, 10_000, size), 4))
    phone = either(kind == SECOND, people.second_phone.take(pa.array(orders.person)), own)
    for special, text in ((MASKED, masked), (PRIVACY, rented), (PLACEHOLDER, PLACEHOLDER_PHONE), (SHARED, SHARED_PHONE)):
        phone = either(kind == special, text, phone)
    phone = either(kind == GUIDE, STAFF_PHONES.take(pa.array(np.maximum(cases.staff, 0))), phone)
    return Receivers(kind, phone)
