"""What each channel truly added: the orders that exist because of its touches, by the generator's own decision.

Belongs here: counting causes. Does not: drawing them. An order has one cause, the touch that made it, or none (habit, chance).
Without the channel its own orders would be missing (`incremental`); the later purchases of people whose first order it caused would
not have come then either, but they are habit, not the channel's touch: they stand apart as `following`.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa

from orchestration.sample import brand
from orchestration.sample.moments import NEVER
from orchestration.sample.text import yuan
from orchestration.sample.world import World

MONEY = pa.decimal128(18, 2)


@dataclass
class Effects:
    """Paid consumer sales and their net cents per channel, summed over the chunks."""

    orders: int = 0
    cents: int = 0
    caused: np.ndarray = field(default_factory=lambda: np.zeros((4, len(brand.CODES)), dtype=np.int64))

    def add(self, world: World) -> None:
        """Count one chunk."""
        orders, fates = world.orders, world.fates
        rows = np.flatnonzero((fates.paid < NEVER) & (orders.kind == brand.SALE))
        net = orders.paid[rows] + orders.subsidy[rows] - np.where(fates.refunded[rows] < NEVER, fates.refund[rows], 0)
        person, cause = orders.person[rows], orders.cause[rows]
        _, first = np.unique(orders.person, return_index=True)  # orders stand in order of time
        opener = np.full(len(world.people), brand.DIRECT)
        opener[orders.person[first]] = orders.cause[first]
        follows = (cause == brand.DIRECT) & (opener[person] != brand.DIRECT)
        self.orders += len(rows)
        self.cents += int(net.sum())
        for place, (mask, channel) in enumerate(((cause != brand.DIRECT, cause), (follows, opener[person]))):
            np.add.at(self.caused[2 * place], channel[mask], 1)
            np.add.at(self.caused[2 * place + 1], channel[mask], net[mask])

    def table(self) -> pa.Table:
        """One row per channel: paid consumer sales with and without it, their number and net revenue that it added, and what followed."""
        orders, cents, following, following_cents = self.caused
        return pa.table({
            "channel": list(brand.CODES), "domain": [channel.domain for channel in brand.CHANNELS],
            "orders_with": np.full(len(orders), self.orders), "orders_without": self.orders - orders, "incremental_orders": orders,
            "incremental_revenue": yuan(cents).cast(MONEY), "following_orders": following,
            "following_revenue": yuan(following_cents).cast(MONEY),
        })
