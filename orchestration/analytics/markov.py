"""Removal effects of channels in an absorbing Markov chain of journeys, orders 1 to 3.

A journey is `start → channels … → conversion | null`. The removal effect of a channel is the share of conversions lost if
every journey that enters the channel ended in null (Anderl, Becker, von Wangenheim, Schumann 2016, "Mapping the customer
journey", IJRM 33(3), section 3.2). These are indices per channel, not revenue: they cannot be split to orders.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import scipy  # its rooms are imported by their first use, which is in a step, not when the UI opens

MAX_STATES = 50_000
TOLERANCE = 1e-12
REPLICATES_PER_BATCH = 10  # drawn and solved together, one batch a thread; a batch has its own stream, so threads change no result


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

    Order 1 takes all channels from one inverse; orders 2 and 3 keep observed states only and solve all channels together.
    `replicates` > 0 adds a percentile bootstrap (journeys resampled by conversion, fixed seed). No conversions: all zero, with
    the reason. A channel never seen: zero. More than 50,000 states: NaN, with the reason. ValueError for any other order.
    """
    if order not in (1, 2, 3):
        raise ValueError(f"order {order} is not 1, 2 or 3")
    if journeys.conversions.sum() <= 0:
        return Effects(*(np.zeros(journeys.channels),) * 2, why_null="no conversions")
    states = _States.of(journeys, order)
    if len(states.channel) > MAX_STATES:
        nothing = np.full(journeys.channels, np.nan)
        return Effects(nothing, nothing, why_null=f"{len(states.channel)} states of order {order}, more than {MAX_STATES}")
    solve = _by_inverse if order == 1 else _by_absorption
    removal = solve(states, journeys.channels, journeys.conversions[None], journeys.nulls[None])[0]
    low, high = _bootstrap(solve, states, journeys, replicates, seed) if replicates else (None, None)
    return Effects(removal, _scaled(removal), low, high)


@dataclass(frozen=True)
class _States:
    """The chain's transient states: `channel` int[states] is the last channel of each, -1 the start (the last state)."""

    channel: np.ndarray
    cells: np.ndarray  # int[moves]: the moves ever seen, origin · states + destination, ascending
    moves: scipy.sparse.csr_matrix  # journeys × moves: how often a journey makes each
    last: scipy.sparse.csr_matrix  # journeys × states: one-hot of the state a journey ends in

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
        cells, cell = np.unique(before * size + numbered, return_inverse=True)
        moves = scipy.sparse.csr_matrix((np.ones(len(codes)), (owner, cell)), shape=(rows, len(cells)))
        ends = np.full(rows, start)
        touched = journeys.lengths > 0
        ends[touched] = numbered[journeys.starts[1:][touched] - 1]
        last = scipy.sparse.csr_matrix((np.ones(rows), (np.arange(rows), ends)), shape=(rows, size))
        return cls(np.append(known % (journeys.channels + 1) - 1, -1), cells, moves, last)

    def shares(self, conversions: np.ndarray, nulls: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Of everything that leaves a state: float[b, moves] the share of each move, float[b, states] of conversions.

        `conversions`, `nulls` float[b, journeys]. A state that nothing leaves in a redrawn sample leads nowhere: all zero.
        """
        origin = self.cells // len(self.channel)
        leaves = scipy.sparse.csr_matrix((np.ones(len(origin)), (np.arange(len(origin)), origin)), shape=(len(origin), len(self.channel)))
        inner = (self.moves.T @ (conversions + nulls).T).T
        won = (self.last.T @ conversions.T).T
        leaving = inner @ leaves + won + (self.last.T @ nulls.T).T
        share = np.divide(1.0, leaving, out=np.zeros_like(leaving), where=leaving > 0)
        return inner * share[:, origin], won * share


def _by_inverse(states: _States, channels: int, conversions: np.ndarray, nulls: np.ndarray) -> np.ndarray:
    """Order 1, removal float[b, channels] for b weightings at once.

    With N = (I - Q)^-1 and h = N r: a journey ever visits c with probability N[start, c] / N[c, c], and converts from there
    with h[c]; so the share of conversions through c is N[start, c] / N[c, c] · h[c] / h[start] (Kemeny & Snell 1960, 3.5.7).
    """
    size = len(states.channel)
    step, gain = states.shares(conversions, nulls)
    inner = np.zeros((len(step), size * size))
    inner[:, states.cells] = step
    inverse = np.linalg.inv(np.eye(size) - inner.reshape(-1, size, size))
    reach = np.einsum("bij,bj->bi", inverse, gain)
    visits = inverse[:, -1, :] / np.einsum("bii->bi", inverse)
    through = np.divide(visits * reach, reach[:, -1:], out=np.zeros_like(reach), where=reach[:, -1:] > 0)
    removal = np.zeros((len(inner), channels))
    removal[:, states.channel[:-1]] = through[:, :-1]
    return np.clip(removal, 0.0, 1.0)


def _by_absorption(states: _States, channels: int, conversions: np.ndarray, nulls: np.ndarray) -> np.ndarray:
    """Orders 2 and 3, removal float[b, channels]: all channels' reduced systems iterated together to 1e-12.

    Column c of X solves x = Q x + r with the states of c held at zero; the next to last column holds none, so it is the base rate;
    the last counts expected steps. The error of an iterate is at most its change times the longest expected journey.
    """
    size = len(states.channel)
    alive = np.ones((size, channels + 2))
    alive[np.arange(size - 1), states.channel[:-1]] = 0.0
    removal = np.zeros((len(conversions), channels))
    for number, (moved, won) in enumerate(zip(*states.shares(conversions, nulls), strict=True)):
        step = scipy.sparse.csr_matrix((moved, (states.cells // size, states.cells % size)), shape=(size, size))
        gain = np.repeat(won[:, None], channels + 2, axis=1)
        gain[:, -1] = 1.0
        solved, change, longest = np.zeros_like(alive), np.inf, 1.0
        while change * longest >= TOLERANCE:
            improved = alive * (step @ solved + gain)
            moving = np.abs(improved - solved)
            # the expected steps must have settled too, or they bound nothing yet
            change = moving[:, :-1].max() if moving[:, -1].max() < 1e-6 else np.inf
            solved, longest = improved, max(improved[:, -1].max(), 1.0)
        base = solved[-1, -2]
        removal[number] = 1.0 - solved[-1, :-2] / base if base > 0 else 0.0
    return np.clip(removal, 0.0, 1.0)


def _bootstrap(
    solve: Callable[..., np.ndarray], states: _States, journeys: Journeys, replicates: int, seed: int
) -> tuple[np.ndarray, np.ndarray]:
    """2.5 % and 97.5 % of the index, float[channels] each, over journeys redrawn with their conversions and nulls."""
    rows, ends = len(journeys.conversions), np.concatenate([journeys.conversions, journeys.nulls])
    seen = np.flatnonzero(ends)
    chance, journeys_seen = ends[seen] / ends.sum(), round(ends.sum())
    sizes = [min(REPLICATES_PER_BATCH, replicates - first) for first in range(0, replicates, REPLICATES_PER_BATCH)]

    def redraw(stream: np.random.SeedSequence, size: int) -> np.ndarray:
        drawn = np.zeros((size, len(ends)))
        drawn[:, seen] = np.random.Generator(np.random.PCG64(stream)).multinomial(journeys_seen, chance, size=size)
        return _scaled(solve(states, journeys.channels, drawn[:, :rows], drawn[:, rows:]))

    with ThreadPoolExecutor(min(len(sizes), os.cpu_count() or 1)) as threads:
        indices = list(threads.map(redraw, np.random.SeedSequence(seed).spawn(len(sizes)), sizes))
    low, high = np.percentile(np.concatenate(indices), [2.5, 97.5], axis=0)
    return low, high


def _scaled(removal: np.ndarray) -> np.ndarray:
    total = removal.sum(axis=-1, keepdims=True)
    return np.divide(removal, total, out=np.zeros_like(removal), where=total > 0)
