"""Removal effects of channels in an absorbing Markov chain of journeys, orders 1 to 3.

A journey is `start → channels … → conversion | null`. The removal effect of a channel is the share of conversions lost if
every journey that enters the channel ended in null (Anderl, Becker, von Wangenheim, Schumann 2016, "Mapping the customer
journey", IJRM 33(3), section 3.2). These are indices per channel, not revenue: they cannot be split to orders.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse

MAX_STATES = 50_000
TOLERANCE = 1e-12
REPLICATES_PER_BATCH = 50  # solved together: bounds memory at 50 × states² doubles …
DRAWN_PER_BATCH = 20_000_000  # … and drawn together at 160 MB of counts


@dataclass(frozen=True)
class Journeys:
    """Distinct journeys in a fixed order, as flat arrays.

    `steps` int[s]: channel numbers 0 … channels-1, one journey after another; `starts` int[n + 1]: where each begins;
    `conversions`, `nulls` float[n] ≥ 0: how often it ended so (by value: revenue in place of converting counts).
    """

    channels: int
    steps: np.ndarray
    starts: np.ndarray
    conversions: np.ndarray
    nulls: np.ndarray

    @property
    def lengths(self) -> np.ndarray:
        """int[n]: touches in each journey."""
        return np.diff(self.starts)


@dataclass(frozen=True)
class Effects:
    """Per channel: `removal` in [0, 1], `index` (removal effects scaled to sum 1), 95 % bounds of the index or None."""

    removal: np.ndarray
    index: np.ndarray
    low: np.ndarray | None = None
    high: np.ndarray | None = None
    why_null: str | None = None


def removal_effects(journeys: Journeys, order: int = 1, replicates: int = 0, seed: int = 1) -> Effects:
    """Exact removal effects of every channel.

    Order 1 takes all channels from one inverse; `replicates` > 0 adds a percentile bootstrap (journeys resampled by
    conversion, fixed seed). Orders 2 and 3 keep observed states only. No conversions: all zero, with the reason. A channel
    never seen: zero. More than 50,000 states: NaN, with the reason. ValueError for any other order.
    """
    if order not in (1, 2, 3):
        raise ValueError(f"order {order} is not 1, 2 or 3")
    if journeys.conversions.sum() <= 0:
        return Effects(*(np.zeros(journeys.channels),) * 2, why_null="no conversions")
    states = _States.of(journeys, order)
    if len(states.channel) > MAX_STATES:
        nothing = np.full(journeys.channels, np.nan)
        return Effects(nothing, nothing, why_null=f"{len(states.channel)} states of order {order}, more than {MAX_STATES}")
    if order > 1:
        removal = _by_absorption(states, journeys)
        return Effects(removal, _scaled(removal))
    removal = _by_inverse(states, journeys.channels, journeys.conversions[None], journeys.nulls[None])[0]
    low, high = _bootstrap(states, journeys, replicates, seed) if replicates else (None, None)
    return Effects(removal, _scaled(removal), low, high)


@dataclass(frozen=True)
class _States:
    """The chain's transient states: `channel` int[states] is the last channel of each, -1 the start (the last state)."""

    channel: np.ndarray
    moves: sparse.csr_matrix  # journeys × states²: moves between transient states
    last: sparse.csr_matrix  # journeys × states: one-hot of the state a journey ends in

    @classmethod
    def of(cls, journeys: Journeys, order: int) -> _States:
        codes = journeys.steps.astype(np.int64) + 1
        position = np.arange(len(codes)) - np.repeat(journeys.starts[:-1], journeys.lengths)
        history = codes.copy()
        for back in range(1, order):
            shifted = np.zeros_like(codes)
            shifted[back:] = codes[:-back]
            history += np.where(position >= back, shifted, 0) * (journeys.channels + 1) ** back
        known, numbered = np.unique(history, return_inverse=True)
        start, size, rows = len(known), len(known) + 1, len(journeys.lengths)
        before = np.full(len(codes), start)
        before[1:] = numbered[:-1]
        before[position == 0] = start
        owner = np.repeat(np.arange(rows), journeys.lengths)
        moves = sparse.csr_matrix((np.ones(len(codes)), (owner, before * size + numbered)), shape=(rows, size * size))
        ends = np.full(rows, start)
        touched = journeys.lengths > 0
        ends[touched] = numbered[journeys.starts[1:][touched] - 1]
        last = sparse.csr_matrix((np.ones(rows), (np.arange(rows), ends)), shape=(rows, size))
        return cls(np.append(known % (journeys.channels + 1) - 1, -1), moves, last)


def _by_inverse(states: _States, channels: int, conversions: np.ndarray, nulls: np.ndarray) -> np.ndarray:
    """Order 1, removal float[b, channels] for b weightings at once.

    With N = (I - Q)^-1 and h = N r: a journey ever visits c with probability N[start, c] / N[c, c], and converts from there
    with h[c]; so the share of conversions through c is N[start, c] / N[c, c] · h[c] / h[start] (Kemeny & Snell 1960, 3.5.7).
    """
    size = len(states.channel)
    inner = (states.moves.T @ (conversions + nulls).T).T.reshape(-1, size, size)
    won = (states.last.T @ conversions.T).T
    leaving = inner.sum(axis=2) + won + (states.last.T @ nulls.T).T
    share = np.divide(1.0, leaving, out=np.zeros_like(leaving), where=leaving > 0)
    inverse = np.linalg.inv(np.eye(size) - inner * share[:, :, None])
    reach = np.einsum("bij,bj->bi", inverse, won * share)
    visits = inverse[:, -1, :] / np.einsum("bii->bi", inverse)
    through = np.divide(visits * reach, reach[:, -1:], out=np.zeros_like(reach), where=reach[:, -1:] > 0)
    removal = np.zeros((len(inner), channels))
    removal[:, states.channel[:-1]] = through[:, :-1]
    return np.clip(removal, 0.0, 1.0)


def _by_absorption(states: _States, journeys: Journeys) -> np.ndarray:
    """Orders 2 and 3, removal float[channels]: all channels' reduced systems iterated together to 1e-12.

    Column c of X solves x = Q x + r with the states of c held at zero; the last column holds none, so it is the base rate.
    The error of an iterate is at most its change times the longest expected journey, which the loop also bounds.
    """
    size = len(states.channel)
    inner = states.moves.T @ (journeys.conversions + journeys.nulls)
    cells = np.flatnonzero(inner)
    won = states.last.T @ journeys.conversions
    leaving = np.bincount(cells // size, inner[cells], size) + won + states.last.T @ journeys.nulls
    share = np.divide(1.0, leaving, out=np.zeros_like(leaving), where=leaving > 0)
    step = sparse.csr_matrix((inner[cells] * share[cells // size], (cells // size, cells % size)), shape=(size, size))
    alive = np.ones((size, journeys.channels + 2))
    for channel in range(journeys.channels):
        alive[states.channel == channel, channel] = 0.0
    gain = np.repeat((won * share)[:, None], journeys.channels + 2, axis=1)
    gain[:, -1] = 1.0  # expected number of steps: the bound on the error
    solved = np.zeros_like(alive)
    while True:
        improved = alive * (step @ solved + gain)
        change = np.abs(improved - solved)
        solved = improved
        if change[:, :-1].max() * max(solved[:, -1].max(), 1.0) < TOLERANCE and change[:, -1].max() < 1e-6:
            break
    base = solved[-1, -2]
    return np.clip(1.0 - solved[-1, :-2] / base, 0.0, 1.0)


def _bootstrap(states: _States, journeys: Journeys, replicates: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """2.5 % and 97.5 % of the index, float[channels] each, over journeys redrawn with their conversions and nulls."""
    random = np.random.Generator(np.random.PCG64(seed))
    ends = np.concatenate([journeys.conversions, journeys.nulls])
    rows, together = len(journeys.conversions), max(1, min(REPLICATES_PER_BATCH, DRAWN_PER_BATCH // len(ends)))
    indices = []
    for first in range(0, replicates, together):
        drawn = random.multinomial(round(ends.sum()), ends / ends.sum(), size=min(together, replicates - first)).astype(float)
        indices.append(_scaled(_by_inverse(states, journeys.channels, drawn[:, :rows], drawn[:, rows:])))
    low, high = np.percentile(np.concatenate(indices), [2.5, 97.5], axis=0)
    return low, high


def _scaled(removal: np.ndarray) -> np.ndarray:
    total = removal.sum(axis=-1, keepdims=True)
    return np.divide(removal, total, out=np.zeros_like(removal), where=total > 0)
