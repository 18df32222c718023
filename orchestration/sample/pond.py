"""How people enter and leave the pond: WeCom friends, the codes they scanned, and who brought whom.

Belongs here: private relations as they truly are. Does not: how WeCom reports them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from orchestration.sample import brand
from orchestration.sample.demand import Intents, first_of_each
from orchestration.sample.moments import DAY, HOUR, NEVER, Span, send_moments
from orchestration.sample.people import People
from orchestration.sample.streams import Streams
from orchestration.sample.text import choose, digits, either, weave
from orchestration.sample.touches import Touches

PARCEL_JOIN = np.array([0.15, 0.04, 0.11, 0.14, 0.08, 0.06, 0.0, 0.04, 0.09, 0.12, 0.11, 0.0])  # chance of a scan, per platform
PARCEL_CODES = ("tb", "dy", "yz", "tm", "jd", "pd", "vp", "ks", "xh", "wx", "wm", "st")
LIVE_JOIN, WALK_IN_JOIN = 0.008, 0.26
SMS_JOIN, SERVICE_JOIN = 0.010, 0.012  # per order: by the link of a later SMS, by the code that customer service (客服) sends
LEAVE_PER_DAY = 1 / 700
BY_CUSTOMER, BY_STAFF, BY_TRANSFER, BY_DEPARTURE = 1, 2, 3, 4
CLOSERS = ("", "customer", "staff", "transfer", "departure")
AFTER_SEND_SHARE = 0.35  # of those who leave, who do so within two days after a mass message
LEAVING_STAFF, STAFF_LEAVES_AFTER, LEFT_BEHIND_SHARE = 11, 0.62, 0.15  # a guide who quits, when, and whom nobody took over
ENTRY_KINDS = tuple(entry.code for entry in brand.ENTRIES)
PARCEL, LIVE, STORE, REFERRAL, SMS, SERVICE = range(6)
ADD_WAYS = np.array([1, 1, 1, 3, 16, 1])
REASSIGNED = 202


@dataclass(frozen=True)
class Pond:
    """Who is in the pond, one value per person; NEVER where it does not happen."""

    joined: np.ndarray
    left: np.ndarray
    entry: np.ndarray  # position in ENTRY_KINDS
    inviter: np.ndarray  # person number of who brought them, or −1
    state: pa.StringArray  # the code on what they scanned
    parcel_platform: np.ndarray  # platform of the parcel whose card was scanned


@dataclass(frozen=True)
class Friendships:
    """One value per relation between a person and a member of staff."""

    person: np.ndarray
    staff: np.ndarray
    opened: np.ndarray
    closed: np.ndarray
    closed_by: np.ndarray  # 0 open, BY_CUSTOMER, BY_STAFF, BY_TRANSFER
    add_way: np.ndarray
    has_state: np.ndarray

    def __len__(self) -> int:
        return len(self.person)


def fill_pond(people: People, public: Touches, orders: Intents, span: Span, streams: Streams) -> Pond:
    """Let people join by parcel card, live room, shop counter, a friend's code, SMS or customer service; the earliest counts."""
    draws = streams.of("joining")
    size = len(people)
    arrival = orders.at + (draws.gamma(4, 0.9, len(orders)) * DAY).astype(np.int64)
    scanned = draws.random(len(orders)) < PARCEL_JOIN[orders.platform]
    by_parcel = first_of_each(orders.person[scanned], arrival[scanned], size)
    watching = (public.channel == brand.POSITION["douyin_live"]) & (draws.random(len(public)) < LIVE_JOIN)
    by_live = first_of_each(public.person[watching], public.at[watching] + 600, size)
    walk_in = (people.home == brand.YOUZAN) & (draws.random(size) < WALK_IN_JOIN)
    brought = walk_in & (draws.random(size) < 0.38)
    by_store = np.where(walk_in & ~brought, people.arrived + 900, NEVER)
    by_friend = np.where(brought, people.arrived + 600, NEVER)
    coded = streams.of("joining by code")
    ways = [by_parcel, by_live, by_store, by_friend]
    for share, mean_days in ((SMS_JOIN, 12), (SERVICE_JOIN, 2)):
        asked = coded.random(len(orders)) < share
        later = orders.at + (coded.exponential(mean_days, len(orders)) * DAY).astype(np.int64) + HOUR
        ways.append(first_of_each(orders.person[asked], later[asked], size))
    ways = np.stack(ways)
    entry, joined = ways.argmin(axis=0), ways.min(axis=0)
    joined = np.where(joined < span.stop - HOUR, joined, NEVER)
    stay = (draws.exponential(1 / LEAVE_PER_DAY, size) * DAY).astype(np.int64)
    left = np.where((joined < NEVER) & (joined + stay < span.stop), joined + stay, NEVER)
    left = _left_after_a_send(joined, left, span, streams.of("exits"))
    platform = np.full(size, -1)
    first = (arrival == by_parcel[orders.person]) & scanned
    platform[orders.person[first]] = orders.platform[first]
    inviter = _inviters(people, joined, entry, orders, streams.of("referral"))
    return Pond(joined, left, entry, inviter, _states(joined, entry, platform, inviter, people), platform)


def _left_after_a_send(joined: np.ndarray, left: np.ndarray, span: Span, draws: np.random.Generator) -> np.ndarray:
    """Some leave not when they would but within two days after the mass message before."""
    sends = send_moments(span)
    before = sends[np.maximum(np.searchsorted(sends, left) - 1, 0)]
    annoyed = (left < NEVER) & (before > joined) & (before < left) & (draws.random(len(left)) < AFTER_SEND_SHARE)
    return np.where(annoyed, np.minimum(before + (draws.random(len(left)) * 47 * HOUR).astype(np.int64) + 120, left), left)


def _inviters(people: People, joined: np.ndarray, entry: np.ndarray, orders: Intents, draws: np.random.Generator) -> np.ndarray:
    """Give everyone brought by a friend an inviter: a buyer who joined earlier; few buyers bring most."""
    bought = first_of_each(orders.person, orders.at, len(people))
    hosts = np.flatnonzero((joined < NEVER) & (bought < NEVER))
    hosts = hosts[draws.random(len(hosts)) < np.where(entry[hosts] == REFERRAL, 0.7, 0.15)]  # who was invited invites
    hosts = hosts[np.argsort(np.maximum(joined, bought)[hosts], kind="stable")]
    guests = np.flatnonzero((entry == REFERRAL) & (joined < NEVER))
    earlier = np.searchsorted(np.maximum(joined, bought)[hosts], joined[guests], side="left")
    pick = (draws.random(len(guests)) ** 2.2 * earlier).astype(np.int64)
    inviter = np.full(len(people), -1, dtype=np.int64)
    invited = earlier > 0
    inviter[guests[invited]] = people.number[hosts[pick[invited]]]
    return inviter


def _states(joined: np.ndarray, entry: np.ndarray, platform: np.ndarray, inviter: np.ndarray, people: People) -> pa.StringArray:
    month = pa.array(np.where(joined < NEVER, joined, 0)).cast(pa.timestamp("s"))
    stamp = pc.strftime(month, "%y%m")
    shop = choose((*PARCEL_CODES, ""), np.where(platform < 0, len(PARCEL_CODES), platform))
    fixed = choose(("pk_", "live_dy_", "store_sz", "koc_", "sms_", "cs_"), entry)
    tail_of_koc = either(inviter >= 0, digits(np.maximum(inviter, 0), 7), "open")
    tail = either(entry == STORE, digits(people.number % 6 + 1, 3), either(entry == REFERRAL, tail_of_koc, stamp))
    tail = either(entry == PARCEL, weave(shop, "_", stamp), tail)
    return either(joined < NEVER, weave(fixed, tail), "")


def staff_departure(span: Span) -> int:
    """The evening on which the leaving guide quits."""
    return span.start + int(span.days * STAFF_LEAVES_AFTER) * DAY + 18 * HOUR


def befriend(pond: Pond, span: Span, streams: Streams) -> Friendships:
    """Relations with staff: one each, some with two, some handed over to a colleague, some broken off."""
    draws = streams.of("friendships")
    person = np.flatnonzero(pond.joined < NEVER)
    size = len(person)
    staff = draws.integers(0, len(brand.STAFF), size)
    opened, closed = pond.joined[person], pond.left[person]
    closed_by = np.where(closed < NEVER, np.where(draws.random(size) < 0.85, BY_CUSTOMER, BY_STAFF), 0)
    departure = staff_departure(span)
    staff = np.where((staff == LEAVING_STAFF) & (opened >= departure), (staff + 2) % len(brand.STAFF), staff)
    add_way, has_state = ADD_WAYS[pond.entry[person]], draws.random(size) < 0.94

    doubled = np.flatnonzero(draws.random(size) < 0.07)
    later = opened[doubled] + (draws.exponential(30, len(doubled)) * DAY).astype(np.int64)
    doubled, later = doubled[later < np.minimum(closed[doubled], span.stop)], later[later < np.minimum(closed[doubled], span.stop)]
    colleague = (staff[doubled] + 5) % len(brand.STAFF)
    colleague = np.where(colleague == LEAVING_STAFF, (colleague + 1) % len(brand.STAFF), colleague)
    second = (person[doubled], colleague, later, closed[doubled], closed_by[doubled],
              np.full(len(doubled), 4), np.zeros(len(doubled), dtype=bool))

    handover = opened + ((60 + draws.exponential(60, size)) * DAY).astype(np.int64)
    moves = (draws.random(size) < 0.10) & (handover < span.stop) & (closed == NEVER)
    orphaned = (staff == LEAVING_STAFF) & (opened < departure) & (closed >= departure)
    behind = orphaned & (draws.random(size) < LEFT_BEHIND_SHARE)
    handover = np.where(orphaned, departure + (draws.random(size) * 3 * DAY).astype(np.int64), handover)
    moved = np.flatnonzero((moves & (staff != LEAVING_STAFF) | orphaned & ~behind) & (handover < np.minimum(closed, span.stop)))
    next_one = (staff[moved] + 1) % len(brand.STAFF)
    next_one = np.where(next_one == LEAVING_STAFF, (next_one + 1) % len(brand.STAFF), next_one)
    heir = (person[moved], next_one, handover[moved], closed[moved],
            closed_by[moved], np.full(len(moved), REASSIGNED), np.zeros(len(moved), dtype=bool))
    closed, closed_by = closed.copy(), closed_by.copy()
    closed[moved], closed_by[moved] = handover[moved], BY_TRANSFER
    closed[behind], closed_by[behind] = departure, BY_DEPARTURE
    main = (person, staff, opened, closed, closed_by, add_way, has_state)
    columns = [np.concatenate(parts) for parts in zip(main, second, heir, strict=True)]
    order = np.lexsort((columns[1], columns[2], columns[0]))
    return Friendships(*(column[order] for column in columns))
