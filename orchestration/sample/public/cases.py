"""After-sale cases as every platform knows them: of one order or one line, with the buyer's money and the platform's part apart.

Belongs here: which cases there are at a moment, and their amounts. Does not: a platform's words for them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from orchestration.sample import brand
from orchestration.sample.exports import lines_of
from orchestration.sample.fulfilment import WHOLE_ORDER
from orchestration.sample.moments import NEVER
from orchestration.sample.world import World

SWAP = len(brand.REFUND_KINDS)  # 换货: other goods, no money


@dataclass(frozen=True)
class Cases:
    """One value per case; amounts in cents."""

    number: np.ndarray  # unique over the whole world
    order: np.ndarray
    line: np.ndarray  # the line that the case names; the first one where it is of the whole order
    kind: np.ndarray  # position in brand.REFUND_KINDS, or SWAP
    applied: np.ndarray
    done: np.ndarray  # NEVER while it is open
    goods: np.ndarray  # back to the buyer
    freight: np.ndarray
    subsidy: np.ndarray  # back to the platform

    def __len__(self) -> int:
        return len(self.order)

    @property
    def buyer(self) -> np.ndarray:
        """What the buyer gets back."""
        return self.goods + self.freight

    @property
    def is_swap(self) -> np.ndarray:
        return self.kind == SWAP

    def where(self, mask: np.ndarray) -> Cases:
        return Cases(*(getattr(self, name)[mask] for name in self.__dataclass_fields__))


def cases_of(world: World, platform: int, as_of: int, by_line: bool = False) -> Cases:
    """A platform's cases opened until `as_of`; `by_line`, a whole order that goes back is one case per line."""
    orders, lines, fates = world.orders, world.lines, world.fates
    mine = orders.platform == platform
    rows = np.flatnonzero(mine & (fates.refund_applied <= as_of))
    if by_line:
        line = lines_of(world, rows)
        of_order = fates.refund_line[lines.order[line]]
        line = line[(of_order == WHOLE_ORDER) | (of_order == line)]
        order = lines.order[line]
    else:
        order, line = rows, np.where(fates.refund_line[rows] == WHOLE_ORDER, orders.first_line[:-1][rows], fates.refund_line[rows])
    part = fates.refund_line[order] != WHOLE_ORDER
    whole = lines if by_line else orders
    place = line if by_line else order
    goods = np.where(part, fates.refund[order], whole.paid[place] - whole.freight[place])
    freight, subsidy = np.where(part, 0, whole.freight[place]), np.where(part, 0, whole.subsidy[place])
    swap = np.flatnonzero(mine & (fates.swap_applied <= as_of))
    nothing = np.zeros(len(swap), dtype=np.int64)
    columns = (
        (orders.number[order] * 8 + lines.ordinal[line] - 1, orders.number[swap] * 8 + 7), (order, swap),
        (line, orders.first_line[:-1][swap]), (fates.refund_kind[order], np.full(len(swap), SWAP)),
        (fates.refund_applied[order], fates.swap_applied[swap]), (fates.refunded[order], fates.swapped[swap]),
        (goods, nothing), (freight, nothing), (subsidy, nothing))
    number, order, line, kind, applied, done, *money = (np.concatenate(pair) for pair in columns)
    return Cases(number, order, line, kind, applied, np.where(done <= as_of, done, NEVER), *money)
