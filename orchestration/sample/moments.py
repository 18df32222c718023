"""Time in the sample: integer seconds of Shanghai wall time, the days of sale, and the windows that exports cover.

Belongs here: calendar arithmetic. Does not: what happens at a moment.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

import numpy as np

HOUR = 3_600
DAY = 86_400
NEVER = 1 << 40  # later than every export, so `moment <= as_of` needs no null logic
SHANGHAI_OFFSET = 8 * HOUR
EPOCH = date(1970, 1, 1)

# (month, first day, last day, how much likelier a purchase is): 38, 618, 88 会员节, 99, 双11, 双12
SALES = ((3, 6, 8, 2.0), (6, 16, 20, 3.0), (8, 8, 8, 1.8), (9, 9, 9, 1.6), (11, 1, 3, 3.0), (11, 11, 11, 4.0), (12, 12, 12, 2.0))
MEMBER_DAY, MEMBER_DAY_LIFT = 18, 1.4
# presales: (deposit month, first day, last day, balance month, balance day)
PRESALES = ((5, 26, 31, 6, 1), (10, 21, 31, 11, 1))


def seconds(day: date, hour: int = 0, minute: int = 0, second: int = 0) -> int:
    """Seconds since 1970 of a wall-clock moment."""
    return (day - EPOCH).days * DAY + hour * HOUR + minute * 60 + second


def day_of(moment: int) -> date:
    """The calendar day of a moment."""
    return EPOCH + timedelta(days=moment // DAY)


@dataclass(frozen=True)
class Window:
    """An export's span of creation times [start, stop), and the moment at which it was taken."""

    start: int
    stop: int
    as_of: int

    @property
    def stamp(self) -> str:
        """The moment of the export as YYYYMMDDHHMMSS."""
        clock = self.as_of % DAY
        return f"{day_of(self.as_of):%Y%m%d}{clock // HOUR:02d}{clock % HOUR // 60:02d}{clock % 60:02d}"

    @property
    def taken_on(self) -> date:
        return day_of(self.as_of)


@dataclass(frozen=True)
class Span:
    """The simulated time, `start` to `stop` (exclusive), and the weight of each of its days."""

    start: int
    stop: int
    lift: np.ndarray  # per day

    @property
    def days(self) -> int:
        return (self.stop - self.start) // DAY

    @property
    def last_day(self) -> date:
        return day_of(self.stop - 1)

    def lift_at(self, moments: np.ndarray) -> np.ndarray:
        """How much likelier a purchase is on the day of each moment."""
        return self.lift[np.clip((moments - self.start) // DAY, 0, self.days - 1)]

    def sale_moments(self, draws: np.ndarray) -> np.ndarray:
        """Turn uniform draws into moments on days of sale, in proportion to what those days draw in beyond a usual one."""
        weights = np.cumsum(np.maximum(self.lift - 1, 1e-9))
        day = np.searchsorted(weights, draws * weights[-1], side="right").clip(0, self.days - 1)
        inside = (draws * weights[-1] - (weights[day] - np.maximum(self.lift - 1, 1e-9)[day])) / np.maximum(self.lift - 1, 1e-9)[day]
        return self.start + day * DAY + (9 * HOUR + inside.clip(0, 0.9999) * 14 * HOUR).astype(np.int64)


def span_of(end: date, days: int) -> Span:
    """The span of `days` whole days that ends with `end`."""
    start = end - timedelta(days=days - 1)
    calendar = [start + timedelta(days=offset) for offset in range(days)]
    lift = np.ones(days)
    for position, day in enumerate(calendar):
        if day.day == MEMBER_DAY:
            lift[position] = MEMBER_DAY_LIFT
        for month, first, last, factor in SALES:
            if day.month == month and first <= day.day <= last:
                lift[position] = factor
    return Span(seconds(start), seconds(end) + DAY, lift)


def send_moments(span: Span) -> np.ndarray:
    """When the brand writes to all its friends (群发): every other Thursday evening, from the first one of the span."""
    first = span.start + (3 - day_of(span.start).weekday()) % 7 * DAY
    return np.arange(first, span.stop, 14 * DAY) + 19 * HOUR + 1_800


def moment_moments(span: Span) -> np.ndarray:
    """When staff post to their Moments (朋友圈): every fourth Sunday at noon."""
    first = span.start + (6 - day_of(span.start).weekday()) % 7 * DAY
    return np.arange(first, span.stop, 28 * DAY) + 12 * HOUR


def balance_moments(created: np.ndarray) -> np.ndarray:
    """For moments inside a presale's deposit days the moment its balance (尾款) opens, else NEVER."""
    opens = np.full(len(created), NEVER, dtype=np.int64)
    if not len(created):
        return opens
    for year in range(day_of(int(created.min())).year, day_of(int(created.max())).year + 1):
        for month, first, last, balance_month, balance_day in PRESALES:
            inside = (created >= seconds(date(year, month, first), 20)) & (created < seconds(date(year, month, last)) + DAY)
            opens[inside] = seconds(date(year, balance_month, balance_day))
    return opens


def export_windows(span: Span, hour: int, minute: int, daily: int = 3) -> tuple[Window, ...]:
    """Whole months, each exported on the day after its last, then the latest `daily` days one by one."""
    edges = [day_of(span.start)]
    first_daily = max(span.last_day - timedelta(days=daily - 1), edges[0])
    month = (edges[0].replace(day=1) + timedelta(days=32)).replace(day=1)
    while month < first_daily:
        edges.append(month)
        month = (month + timedelta(days=32)).replace(day=1)
    edges += [day for offset in range(daily + 1) if (day := first_daily + timedelta(days=offset)) > edges[-1]]
    return tuple(Window(seconds(start), seconds(stop), seconds(stop, hour, minute)) for start, stop in pairwise(edges))
