"""What ads cost, show and claim, day by day and plan by plan, sized by what their touches truly caused.

Belongs here: the figures. Does not: a platform's report. Spend follows a smooth budget sized so that the money it truly caused returns
`roas`; a platform claims more than that. Clicks are never fewer than the people whom the channel truly reached.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa

from orchestration.sample import brand
from orchestration.sample.moments import DAY, NEVER, Span, day_of
from orchestration.sample.tables import Cells
from orchestration.sample.text import choose, whole, yuan
from orchestration.sample.world import World

LEAST_PER_DAY = 300  # cents: a brand keeps its campaigns alive


@dataclass
class Reach:
    """Touches, caused paid orders and their cents per channel and day, summed over the chunks."""

    span: Span
    touches: np.ndarray = field(init=False)
    orders: np.ndarray = field(init=False)
    cents: np.ndarray = field(init=False)

    def __post_init__(self) -> None:
        self.touches, self.orders, self.cents = (np.zeros((len(brand.CODES), self.span.days), dtype=np.int64) for _ in range(3))

    def add(self, world: World) -> None:
        """Count a chunk."""
        orders, start = world.orders, self.span.start
        np.add.at(self.touches, (world.touches.channel, (world.touches.at - start) // DAY), 1)
        rows = np.flatnonzero((orders.cause != brand.DIRECT) & (world.fates.paid < NEVER))
        place = (orders.cause[rows], (world.fates.paid[rows] - start) // DAY)
        np.add.at(self.orders, place, 1)
        np.add.at(self.cents, place, orders.paid[rows])


@dataclass(frozen=True)
class Figures:
    """Whole numbers and cents, one row per day, one column per plan."""

    spend: np.ndarray
    shown: np.ndarray
    clicks: np.ndarray
    orders: np.ndarray  # claimed
    revenue: np.ndarray  # claimed

    def flat(self, day: np.ndarray, plan: np.ndarray) -> tuple[np.ndarray, ...]:
        """Spend, shown, clicks, orders, revenue of some cells."""
        return tuple(column[day, plan] for column in (self.spend, self.shown, self.clicks, self.orders, self.revenue))

    def folded(self) -> Figures:
        """The level above: all plans as one."""
        columns = (self.spend, self.shown, self.clicks, self.orders, self.revenue)
        return Figures(*(column.sum(axis=1, keepdims=True) for column in columns))

    def part(self, first: int, stop: int) -> Figures:
        """Some of the plans."""
        return Figures(*(column[:, first:stop] for column in (self.spend, self.shown, self.clicks, self.orders, self.revenue)))


def draw_figures(reach: Reach, code: str, shares: tuple[float, ...], draws: np.random.Generator, roas: float = 2.0,
                 claimed: float = 1.35) -> Figures:
    """A channel's figures. `shares` of the budget per plan; `roas` true return, `claimed` what the platform says per true order."""
    span, channel = reach.span, brand.POSITION[code]
    orders, cents, touches = reach.orders[channel], reach.cents[channel], reach.touches[channel]
    total = max(cents.sum() / roas, LEAST_PER_DAY * span.days)
    budget = total * (span.lift**0.7) / (span.lift**0.7).sum()
    size = (span.days, len(shares))
    spend = np.rint(budget[:, None] * np.array(shares) * draws.lognormal(-0.02, 0.2, size)).astype(np.int64)
    weights = spend / np.maximum(spend.sum(axis=1, keepdims=True), 1)
    reached = np.ceil(touches[:, None] * weights).astype(np.int64)
    clicks = np.maximum(np.rint(spend / draws.uniform(60, 220, size)).astype(np.int64), reached)
    shown = np.rint(clicks / draws.uniform(0.012, 0.03, size)).astype(np.int64)
    told = np.minimum(draws.poisson(orders[:, None] * weights * claimed), clicks)
    average = cents.sum() / max(orders.sum(), 1)
    return Figures(spend, shown, clicks, told, np.rint(told * average * draws.uniform(0.8, 1.2, size)).astype(np.int64))


def grid(days: int, plans: int) -> tuple[np.ndarray, np.ndarray]:
    """Day and plan of every row, day by day."""
    return np.repeat(np.arange(days), plans), np.tile(np.arange(plans), days)


def dates(span: Span, day: np.ndarray, form: str = "%Y-%m-%d") -> pa.StringArray:
    """The calendar day of each row."""
    return choose([f"{day_of(span.start + position * DAY):{form}}" for position in range(span.days)], day)


def ratio(upper: np.ndarray, lower: np.ndarray, scale: int = 100) -> pa.StringArray:
    """upper ÷ lower with two decimals, 0.00 where there is nothing below; with 10,000 as per cent."""
    return yuan(np.rint(upper * scale / np.maximum(lower, 1)).astype(np.int64))


def with_total(cells: Cells, word: str, totals: dict[str, str], rest: str = "-") -> Cells:
    """The rows and one more: `word` in the first column, what `totals` says of a column, `rest` elsewhere."""
    size = next(len(value) for _, value in cells.values() if not isinstance(value, str))
    closed = {}
    for place, (name, (shape, value)) in enumerate(cells.items()):
        column = pa.array([value] * size, pa.string()) if isinstance(value, str) else value
        last = totals.get(name)
        said = word if place == 0 else rest if last is None else last
        closed[name] = (shape, pa.concat_arrays([column, pa.array([said], pa.string())]))
    return closed


def total_of(cents: np.ndarray) -> str:
    """A sum of cents as yuan."""
    return yuan(np.array([cents.sum()]))[0].as_py()


def count_of(numbers: np.ndarray) -> str:
    """A sum of counts."""
    return whole(np.array([numbers.sum()]))[0].as_py()
