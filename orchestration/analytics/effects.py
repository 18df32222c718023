"""Every index of one stratum of journeys side by side: Markov removal effects of orders 1 to 3 and two Shapley games, twice.

Belongs here: which methods there are and how their answers become comparable indices. Does not: how each is computed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from orchestration.analytics.markov import Journeys, removal_effects
from orchestration.analytics.shapley import MAX_CHANNELS, additive_shapley, coalition_shapley, rate_game

REPLICATES = (200, 0, 0)  # redrawn samples of orders 1, 2, 3: the first is cheap, the others on request
METHODS = ("markov_1", "markov_2", "markov_3", "shapley", "shapley_rate")


@dataclass(frozen=True)
class MethodIndex:
    """One method's answer, each float[channels]: `effect` (removal effect in [0, 1], or Shapley value), `index` ≥ 0 (scaled to
    sum 1), 95 % bounds of the index (NaN where the method has none). `why_null` says why `index` is NaN or zero."""

    method: str
    effect: np.ndarray
    index: np.ndarray
    low: np.ndarray
    high: np.ndarray
    why_null: str | None = None


def by_value(conversions: np.ndarray, revenue: np.ndarray) -> np.ndarray:
    """float[n]: revenue in units of the mean conversion, so that converting and other journeys keep their proportion.

    What was given back beyond the payment counts zero; no revenue at all gives zeros.
    """
    positive = np.maximum(revenue, 0.0)
    total = positive.sum()
    return positive * (conversions.sum() / total) if total > 0 else np.zeros(len(revenue))


def channel_indices(journeys: Journeys, replicates: Sequence[int] = REPLICATES, seed: int = 1) -> Iterator[MethodIndex]:
    """All methods in the order of METHODS, with `replicates` for each order of the chain.

    Journeys come sorted and with at least one step each; the same input gives the same bits.
    """
    unknown = np.full(journeys.channels, np.nan)
    for order, redrawn in enumerate(replicates, start=1):
        found = removal_effects(journeys, order, redrawn, seed)
        low, high = (unknown, unknown) if found.low is None or found.high is None else (found.low, found.high)
        yield MethodIndex(f"markov_{order}", found.removal, found.index, low, high, found.why_null)
    member, sets = _sets(journeys)
    won = np.bincount(sets, journeys.conversions, len(member))
    seen = np.bincount(sets, journeys.conversions + journeys.nulls, len(member))
    if won.sum() <= 0:
        zero = np.zeros(journeys.channels)
        yield from (MethodIndex(method, zero, zero, unknown, unknown, "no conversions") for method in METHODS[3:])
        return
    shared = additive_shapley(member, won)
    yield MethodIndex("shapley", shared, _scaled(shared), unknown, unknown)
    why = None
    if journeys.nulls.sum() <= 0:  # as among orders that tell of themselves: every coalition would be worth 1, every channel the same
        why = "no journeys without a conversion, so no conversion rate"
    elif journeys.channels > MAX_CHANNELS:
        why = f"{journeys.channels} channels; all coalitions are computed up to {MAX_CHANNELS}"
    if why:
        yield MethodIndex("shapley_rate", unknown, unknown, unknown, unknown, why)
        return
    marginal = coalition_shapley(rate_game(member, won, seen))
    yield MethodIndex("shapley_rate", marginal, _scaled(marginal), unknown, unknown)


def touched(journeys: Journeys) -> np.ndarray:
    """float[channels]: conversions of journeys in which the channel was seen."""
    member, sets = _sets(journeys)
    return member.T.astype(float) @ np.bincount(sets, journeys.conversions, len(member))


def _sets(journeys: Journeys) -> tuple[np.ndarray, np.ndarray]:
    """The distinct channel sets as bool[sets, channels], and int[journeys]: the set of each journey."""
    rows = len(journeys.lengths)
    owner = np.repeat(np.arange(rows), journeys.lengths)
    width = (journeys.channels + 7) // 8
    bits = np.zeros((rows, width), dtype=np.uint8)
    np.bitwise_or.at(bits, (owner, journeys.steps // 8), (1 << (journeys.steps % 8)).astype(np.uint8))
    packed = np.ascontiguousarray(bits).view(np.dtype((np.void, width))).ravel()
    _, first, sets = np.unique(packed, return_index=True, return_inverse=True)
    member = np.unpackbits(bits[first], axis=1, bitorder="little")[:, : journeys.channels].astype(bool)
    return member, sets


def _scaled(value: np.ndarray) -> np.ndarray:
    """Shares of the positive part: a channel that lowers the conversion rate has an index of zero, never below."""
    positive = np.maximum(value, 0.0)
    total = positive.sum()
    return positive / total if total > 0 else np.zeros(len(value))
