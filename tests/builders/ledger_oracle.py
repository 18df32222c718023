"""Attribution once more, told slowly: one order at a time, in fractions, from its definition. What the SQL ledger is compared with.

Nothing here is shared with the models: other language, other algorithm (search per touch instead of windows), exact shares.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction

LOOKBACK, VIEW_LOOKBACK, WINDOW, HALF_LIFE = timedelta(30), timedelta(7), timedelta(minutes=30), timedelta(7)


@dataclass(frozen=True)
class Order:
    """A paid consumer order; `net` in cents or None."""

    key: str
    customer: str | None
    paid_at: datetime
    deposit_at: datetime | None
    net: int | None

    @property
    def decided_at(self) -> datetime:
        return self.deposit_at or self.paid_at


@dataclass(frozen=True)
class Touch:
    """A touch of a customer, or of one order."""

    key: str
    customer: str | None
    order: str | None
    at: datetime
    channel: str
    is_view: bool
    is_eligible: bool


def paths(orders: Sequence[Order], touches: Sequence[Touch]) -> dict[str, list[tuple[Touch, datetime]]]:
    """order key → its steps in order, each with the instant of the decision."""
    steps: dict[str, list[tuple[Touch, datetime]]] = {order.key: [] for order in orders}
    decisions = {order.key: order.decided_at for order in orders}
    grouped: dict[str, list[list[Order]]] = {}
    for order in sorted((each for each in orders if each.customer), key=lambda each: (each.decided_at, each.key)):
        groups = grouped.setdefault(order.customer or "", [])
        if groups and order.decided_at - groups[-1][-1].decided_at <= WINDOW:
            groups[-1].append(order)
            decisions[order.key] = groups[-1][0].decided_at
        else:
            groups.append([order])
    for touch in touches:
        if not touch.is_eligible:
            continue
        if touch.order is not None:
            steps[touch.order].append((touch, decisions[touch.order]))
            continue
        groups = grouped.get(touch.customer or "", [])
        coming = next((group for group in groups if group[0].decided_at >= touch.at), None)
        presales = [each for group in groups for each in group if each.deposit_at and each.paid_at > each.deposit_at]
        balances = [each.paid_at for each in presales if each.paid_at >= touch.at]
        if balances and (coming is None or min(balances) < coming[0].decided_at):
            continue  # a reminder of a balance that is still due
        if coming and coming[0].decided_at - touch.at <= (VIEW_LOOKBACK if touch.is_view else LOOKBACK):
            for order in coming:
                steps[order.key].append((touch, coming[0].decided_at))
    return {key: sorted(found, key=lambda step: (step[0].at, step[0].key)) for key, found in steps.items()}


def shares(path: Sequence[tuple[Touch, datetime]], kinds: Mapping[str, str], strength: Mapping[str, float]) -> dict[str, list[Fraction]]:
    """model → exact share of each step; decayed models are as exact as a double."""
    count = len(path)

    def only(place: int) -> list[Fraction]:
        return [Fraction(int(each == place)) for each in range(count)]

    def last(kept: Sequence[int]) -> int:
        return kept[-1] if kept else count - 1

    channels = [touch.channel for touch, _ in path]
    decayed = [Fraction(2.0 ** -(max(decided - touch.at, timedelta(0)) / HALF_LIFE)) for touch, decided in path]
    driven = [weight * Fraction(strength[channel]) for weight, channel in zip(decayed, channels, strict=True)]
    middle = Fraction(1, 5 * (count - 2)) if count > 2 else Fraction(1, count)
    ends = Fraction(2, 5) if count > 2 else Fraction(1, count)
    return {
        "first": only(0),
        "last": only(count - 1),
        "last_non_direct": only(last([n for n, channel in enumerate(channels) if kinds.get(channel) != "direct"])),
        "last_paid": only(last([n for n, channel in enumerate(channels) if kinds.get(channel) == "paid"])),
        "linear": [Fraction(1, count)] * count,
        "position_based": [ends if n in (0, count - 1) else middle for n in range(count)],
        "time_decay": [weight / sum(decayed) for weight in decayed],
        "data_driven": [weight / sum(driven) for weight in driven],
    }
