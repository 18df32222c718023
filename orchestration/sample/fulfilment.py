"""What becomes of an order: payment, presale deposits, shipping, refunds, and how it looks at a given moment.

Belongs here: events after the order is placed. Does not: how a platform words them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from orchestration.sample import brand
from orchestration.sample.moments import DAY, HOUR, NEVER, balance_moments
from orchestration.sample.orders import Lines, Orders
from orchestration.sample.streams import Streams

UNPAID_SHARE, PRESALE_SHARE, FORFEIT_SHARE = 0.055, 0.45, 0.08
DEPOSIT = 2_000  # cents
PENDING, DEPOSIT_PAID, UNSHIPPED, SHIPPED, COMPLETED, CLOSED = range(6)
PRE_SHIP, REFUND_ONLY, RETURN, PARTIAL, LATE, REJECTED, COMPENSATION = range(7)
IN_PART = (PARTIAL, COMPENSATION)
SWAP_SHARE = 0.015  # of kept orders: the goods are exchanged (换货), no money moves
PRESALE_PLATFORMS = (brand.TAOBAO, brand.TMALL)
WHOLE_ORDER = -1


@dataclass(frozen=True)
class Fates:
    """The events of each order, one value per order; NEVER where an event does not come."""

    deposit_paid: np.ndarray
    balance_opens: np.ndarray
    paid: np.ndarray
    shipped: np.ndarray
    confirmed: np.ndarray
    closed: np.ndarray  # unpaid orders close by themselves
    refund_kind: np.ndarray  # −1 none
    refund_line: np.ndarray  # line position, or WHOLE_ORDER
    refund: np.ndarray  # cents, what the merchant gives back (subsidy included)
    refund_applied: np.ndarray
    refunded: np.ndarray
    swap_applied: np.ndarray  # the buyer asks for other goods
    swapped: np.ndarray

    @property
    def is_presale(self) -> np.ndarray:
        return self.deposit_paid < NEVER


@dataclass(frozen=True)
class View:
    """How each order looks at a moment."""

    status: np.ndarray
    refund: np.ndarray  # cents refunded until then
    is_refunding: np.ndarray
    paid: np.ndarray
    shipped: np.ndarray
    confirmed: np.ndarray
    changed: np.ndarray  # moment of the last change


def draw_fates(orders: Orders, lines: Lines, stop: int, streams: Streams) -> tuple[Orders, Fates]:
    """Draw the events of each order; orders whose buyer lets the balance lapse change class. Nothing happens from `stop` on."""
    draws, size = streams.of("fates"), len(orders)
    opens = np.where(np.isin(orders.platform, PRESALE_PLATFORMS) & (orders.kind == brand.SALE), balance_moments(orders.at), NEVER)
    presale = (opens < NEVER) & (draws.random(size) < PRESALE_SHARE) & (orders.paid > 2 * DEPOSIT)
    opens = np.where(presale, opens, NEVER)
    forfeit = presale & (draws.random(size) < FORFEIT_SHARE)
    unpaid = (draws.random(size) < UNPAID_SHARE) & (orders.kind == brand.SALE) & ~presale
    hesitation = 12 + (draws.exponential(150, size)).astype(np.int64)
    paid = np.where((orders.paid == 0) | (orders.platform == brand.VIPSHOP), orders.at, orders.at + np.minimum(hesitation, 3 * HOUR))
    paid = np.where(presale, opens + (draws.exponential(5, size) * HOUR).astype(np.int64) + 60, paid)
    paid = np.where(unpaid | forfeit, NEVER, paid)
    at_counter = orders.platform == brand.STORE  # paid and handed over at once; who does not pay leaves a void ticket
    paid = np.where(at_counter & ~unpaid, orders.at, paid)
    closed = np.where(unpaid & at_counter, orders.at, np.where(unpaid, orders.at + DAY, np.where(forfeit, opens + 2 * DAY, NEVER)))
    shipped = np.where(paid < NEVER, paid + (draws.gamma(3, 8, size) * HOUR).astype(np.int64) + HOUR, NEVER)
    confirmed = np.where(paid < NEVER, shipped + (3 * DAY + draws.gamma(3, 1.6, size) * DAY).astype(np.int64), NEVER)
    shipped, confirmed = np.where(at_counter, paid, shipped), np.where(at_counter, paid, confirmed)
    orders = replace(orders, kind=np.where(forfeit, brand.FORFEIT, orders.kind))
    fates = Fates(np.where(presale, orders.at + hesitation, NEVER), opens, paid, shipped, confirmed, closed,
                  np.full(size, -1), np.full(size, WHOLE_ORDER), np.zeros(size, dtype=np.int64), *(np.full(size, NEVER) for _ in range(4)))
    fates = _with_swaps(orders, _with_refunds(orders, lines, fates, streams.of("refunds")), streams.of("swaps"))
    return orders, _until(stop, fates)


def _until(stop: int, fates: Fates) -> Fates:
    """The world ends: what would come later never comes, so late exports and bills cannot disagree."""
    moments = ("deposit_paid", "paid", "shipped", "confirmed", "closed", "refund_applied", "refunded", "swap_applied", "swapped")
    return replace(fates, **{name: np.where(getattr(fates, name) < stop, getattr(fates, name), NEVER) for name in moments})


def _with_refunds(orders: Orders, lines: Lines, fates: Fates, draws: np.random.Generator) -> Fates:
    size = len(orders)
    asks = (draws.random(size) < np.array(brand.REFUND_RATE)[orders.platform]) & (fates.paid < NEVER)
    asks &= np.isin(orders.kind, (brand.SALE, brand.DISTRIBUTOR))
    kind = draws.choice(len(brand.REFUND_KINDS), size, p=brand.REFUND_MIX)
    # a part of the money never splits a subsidy; Vipshop returns goods and nothing else, and so do those who come back to a counter
    at_counter = orders.platform == brand.STORE
    only_returns = (orders.platform == brand.VIPSHOP) | at_counter
    kind = np.where((np.isin(kind, IN_PART) & (orders.subsidy > 0)) | only_returns, RETURN, kind)
    on_line = np.isin(kind, IN_PART)
    on_line |= (kind == RETURN) & (orders.line_count > 1) & (orders.subsidy == 0) & (draws.random(size) < 0.6)
    line = orders.first_line[:-1] + (draws.random(size) * orders.line_count).astype(np.int64)
    of_line = lines.paid[line] - lines.freight[line]
    some = of_line * draws.integers(8, 45, size) // 100 // 10 * 10
    amount = np.where(np.isin(kind, IN_PART), some, np.where(on_line, of_line, orders.paid + orders.subsidy))
    asks &= amount > 0

    wait = np.select(
        [kind == PRE_SHIP, kind == REFUND_ONLY, kind == LATE, kind == REJECTED],
        [draws.uniform(0.02, 0.5, size), draws.uniform(2, 7, size), draws.uniform(55, 120, size), draws.uniform(1, 3, size)],
        draws.uniform(4, 12, size)) * DAY
    start = np.where(kind == PRE_SHIP, fates.paid, np.where(kind == LATE, fates.confirmed, fates.shipped))
    applied = start + wait.astype(np.int64)
    settled = applied + (np.where(kind == PRE_SHIP, 2, np.where(kind == RETURN, 100, 20)) * HOUR * draws.uniform(0.3, 1.7,
        size)).astype(np.int64)
    settled = np.where(at_counter, settled - settled % DAY + 10 * HOUR + settled % (11 * HOUR), settled)  # while the store is open
    applied = np.where(at_counter, settled, applied)
    stopped = asks & (kind == PRE_SHIP)
    returned = asks & (kind != LATE) & ~on_line & ((settled < fates.confirmed) | (kind == REJECTED))
    return replace(
        fates, shipped=np.where(stopped, NEVER, fates.shipped), confirmed=np.where(stopped | returned, NEVER, fates.confirmed),
        refund_kind=np.where(asks, kind, -1), refund_line=np.where(asks & on_line, line, WHOLE_ORDER), refund=np.where(asks, amount, 0),
        refund_applied=np.where(asks, applied, NEVER), refunded=np.where(asks, settled, NEVER))


def _with_swaps(orders: Orders, fates: Fates, draws: np.random.Generator) -> Fates:
    """Some keep their order and have the goods exchanged a few days after they received them."""
    size = len(orders)
    asks = (draws.random(size) < SWAP_SHARE) & (fates.confirmed < NEVER) & (fates.refund_kind < 0) & (orders.kind == brand.SALE)
    applied = fates.confirmed + (draws.uniform(0.2, 4, size) * DAY).astype(np.int64)
    done = applied + (draws.uniform(2, 9, size) * DAY).astype(np.int64)
    return replace(fates, swap_applied=np.where(asks, applied, NEVER), swapped=np.where(asks, done, NEVER))


def view_at(orders: Orders, fates: Fates, as_of: int | np.ndarray) -> View:
    """The orders as an export at `as_of` (one moment, or one per order) shows them."""
    refunded = fates.refunded <= as_of
    whole = refunded & (fates.refund_line == WHOLE_ORDER)
    status = np.full(len(orders), PENDING)
    steps = ((fates.deposit_paid, DEPOSIT_PAID), (fates.paid, UNSHIPPED), (fates.shipped, SHIPPED), (fates.confirmed, COMPLETED))
    for moments, reached in steps:
        status = np.where(moments <= as_of, reached, status)
    status = np.where((fates.closed <= as_of) | whole, CLOSED, status)
    moments = (orders.at, fates.deposit_paid, fates.paid, fates.shipped, fates.confirmed, fates.closed,
               fates.refund_applied, fates.refunded)
    changed = np.max(np.stack([np.where(moment <= as_of, moment, 0) for moment in moments]), axis=0)
    return View(
        status, np.where(refunded, fates.refund, 0), (fates.refund_applied <= as_of) & ~refunded,
        *(np.where(moment <= as_of, moment, NEVER) for moment in (fates.paid, fates.shipped, fates.confirmed)), changed)


def refund_of_lines(lines: Lines, orders: Orders, fates: Fates, view: View, chosen: np.ndarray) -> np.ndarray:
    """Cents refunded on each chosen line at the view's moment."""
    order = lines.order[chosen]
    whole = fates.refund_line[order] == WHOLE_ORDER
    on_this = fates.refund_line[order] == chosen
    full = np.where(view.refund[order] > 0, lines.paid[chosen] + lines.subsidy[chosen], 0)
    return np.where(whole, full, np.where(on_this, view.refund[order], 0))
