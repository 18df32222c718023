"""Cases in which a key says one person and means another; drawn only when they are asked for (`--hard-cases`).

Belongs here: who uses whose key, and the truth about it. Does not: how files print the key. Five kinds: a family with one phone, a phone
number that the operator gave to a new owner years after the old one joined the membership, the store's tablet on which many customers
order under one account, a member card lent at the till, and a guide who puts the own phone on a customer's parcel.

How many there are is no estimate of a brand. Of two people who share their only number few shop at one brand, and an operator reissues some
percent of numbers a year, seldom to another customer of the brand: in life both are some in a thousand customers. They stand here in two
pairs of a hundred, so that a world of two thousand people has a score of each and a wrong merge shows. Of tickets under a card about one in
twenty-five is lent, a share that shops know: whose partner has a card often shows it, but few partners have one.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from orchestration.sample import brand
from orchestration.sample.bonds import Bonds
from orchestration.sample.moments import NEVER
from orchestration.sample.orders import Orders
from orchestration.sample.people import FAMILY, RECYCLED, People, phone_of
from orchestration.sample.pond import ENTRY_KINDS, Friendships, Pond
from orchestration.sample.streams import Streams

TABLET_YZ_OPEN_ID, TABLET_OPENID = "yzStoreTablet00000000001", "oYT00StoreTablet00000000001"
TABLET_SHARE, LENDING_SHARE, LENT_SHARE, STAFF_PHONE_SHARE = 0.3, 0.5, 0.6, 0.25
STAFF_PHONES = phone_of(np.arange(1, len(brand.STAFF) + 1), "1880")


@dataclass(frozen=True)
class HardCases:
    """One value per order."""

    on_tablet: np.ndarray  # ordered on the store's tablet
    card_of: np.ndarray  # position of the person whose member card is shown
    staff: np.ndarray  # position in brand.STAFF of the guide whose phone stands on the parcel, or −1


def draw_hard_cases(
    people: People, pond: Pond, bonds: Bonds, ties: Friendships, orders: Orders, wanted: bool, streams: Streams
) -> HardCases:
    """Draw the cases of orders; without `wanted` there are none. Neighbours 2k and 2k + 1 lend each other the cards they have."""
    draws, size, person = streams.of("hard cases"), len(orders), orders.person
    nobody = np.full(size, -1)
    if not wanted:
        return HardCases(np.zeros(size, dtype=bool), person, nobody)
    in_store = (pond.entry[person] == ENTRY_KINDS.index("store")) & (pond.joined[person] < orders.at)
    on_tablet = (orders.platform == brand.YOUZAN) & in_store & (draws.random(size) < TABLET_SHARE)
    lends = np.repeat(draws.random((len(people) + 1) // 2) < LENDING_SHARE, 2)[: len(people)]
    partner = np.minimum(np.arange(len(people)) ^ 1, len(people) - 1)
    has_card = bonds.member[partner][person] < orders.at
    lent = (orders.platform == brand.STORE) & lends[person] & has_card & (draws.random(size) < LENT_SHARE)
    guide = np.full(len(people), -1)
    guide[ties.person[::-1]] = ties.staff[::-1]
    guided = np.isin(orders.platform, (brand.YOUZAN, brand.WECHAT_SHOP)) & (
        (orders.kind == brand.GUIDE_PROXY) | (orders.cause == brand.POSITION["wecom_friend"]) & (draws.random(size) < STAFF_PHONE_SHARE))
    return HardCases(on_tablet, np.where(lent, partner[person], person), np.where(guided, guide[person], -1))


def cases_table(people: People, orders: Orders, order_ids: pa.Array, cases: HardCases, names: pa.Array) -> pa.Table:
    """The truth: one row per person or order and case. `names` are the true ids of the people.

    `other` is whose key it is; `from_at` and `to_at` say when it was `person_id`'s, where it changed hands.
    """
    owner = people.phone_owner - people.number[0]  # both of a pair stand in one chunk
    family, recycled = np.flatnonzero(people.hard_case == FAMILY), np.flatnonzero(people.hard_case == RECYCLED)
    tablet, staffed = np.flatnonzero(cases.on_tablet), np.flatnonzero(cases.staff >= 0)
    lent = np.flatnonzero(cases.card_of != orders.person)

    def rows(kind: str, person: np.ndarray, other: pa.Array, key: str, values: pa.Array, order: np.ndarray | None = None,
             start: np.ndarray | None = None, end: np.ndarray | None = None) -> pa.Table:
        size, never = len(person), np.full(len(person), NEVER)
        text = {"kind": kind, "key_type": key}
        return pa.table({
            **{name: pa.array([value] * size, pa.string()) for name, value in text.items()},
            "person_id": names.take(pa.array(person)), "other": other.cast(pa.string()), "raw_value": values.cast(pa.string()),
            "platform": pa.nulls(size, pa.string()) if order is None else pa.array(brand.PLATFORMS).take(pa.array(orders.platform[order])),
            "order_id": pa.nulls(size, pa.string()) if order is None else order_ids.take(pa.array(order)),
            **{name: _times(never if moments is None else moments) for name, moments in (("from_at", start), ("to_at", end))},
        })

    staff = cases.staff[staffed]
    return pa.concat_tables([
        rows("family_phone", family, names.take(pa.array(owner[family])), "phone", people.phone.take(pa.array(family))),
        rows("recycled_phone", recycled, names.take(pa.array(owner[recycled])), "phone", people.phone.take(pa.array(recycled)),
             start=people.arrived[recycled]),
        rows("recycled_phone", owner[recycled], names.take(pa.array(recycled)), "phone", people.phone.take(pa.array(recycled)),
             start=people.member_since[owner[recycled]], end=people.arrived[recycled]),
        rows("store_tablet", orders.person[tablet], pa.nulls(len(tablet)), "openid", pa.array([TABLET_OPENID] * len(tablet), pa.string()),
             tablet),
        rows("lent_card", orders.person[lent], names.take(pa.array(cases.card_of[lent])), "member_id",
             people.member_id.take(pa.array(cases.card_of[lent])), lent),
        rows("staff_phone", orders.person[staffed], pa.array(brand.STAFF).take(pa.array(staff)), "phone",
             STAFF_PHONES.take(pa.array(staff)), staffed),
    ])


def _times(moments: np.ndarray) -> pa.Array:
    return pa.array(moments, mask=moments >= NEVER).cast(pa.timestamp("s")).cast(pa.timestamp("us"))
