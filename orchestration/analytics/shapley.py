"""Shapley values of channels over the sets of channels that journeys touched.

Two games. *Additive*: a coalition is worth the conversions of journeys touched by its members only; closed form, any number
of channels. *Rate*: a coalition is worth the conversion rate of such journeys; exact over all coalitions, up to 14 channels.
"""

from __future__ import annotations

import numpy as np

MAX_CHANNELS = 14


def additive_shapley(member: np.ndarray, worth: np.ndarray) -> np.ndarray:
    """float[channels] that sums to `worth.sum()` over non-empty sets.

    `member` bool[sets, channels], `worth` float[sets] (conversions or revenue of journeys with exactly this set). In the
    additive game each set's worth is shared equally (Zhao, Mahboobi, Bagheri 2018, "Shapley value methods for attribution
    modeling in online advertising", theorem 1). An empty set belongs to nobody.
    """
    size = member.sum(axis=1)
    share = np.divide(worth, size, out=np.zeros(len(worth)), where=size > 0)
    return member.T.astype(float) @ share


def coalition_shapley(value: np.ndarray) -> np.ndarray:
    """Exact Shapley value float[n] of a game given as `value` float[2^n], indexed by bit mask, value[0] for nobody.

    Shapley (1953): phi_c = sum over T without c of |T|! (n - |T| - 1)! / n! · (v(T + c) - v(T)). ValueError above 14 players.
    """
    players = len(value).bit_length() - 1
    if len(value) != 1 << players:
        raise ValueError(f"{len(value)} values are no game: a power of two is needed")
    if players > MAX_CHANNELS:
        raise ValueError(f"{players} players: the exact value is kept to {MAX_CHANNELS}")
    masks = np.arange(len(value))
    sizes = np.array([mask.bit_count() for mask in range(len(value))])
    weights = np.array([1.0 / (players * _binomial(players - 1, size)) for size in range(players)] + [0.0])
    result = np.empty(players)
    for player in range(players):
        without = masks[(masks >> player) & 1 == 0]
        result[player] = np.sum(weights[sizes[without]] * (value[without | (1 << player)] - value[without]))
    return result


def rate_game(member: np.ndarray, conversions: np.ndarray, journeys: np.ndarray) -> np.ndarray:
    """`value` float[2^n] for `coalition_shapley`: conversions ÷ journeys over sets within each coalition, 0 where none is.

    `member` bool[sets, n]; `conversions`, `journeys` float[sets]. Subset sums by the zeta transform, n · 2^n additions.
    """
    players = member.shape[1]
    if players > MAX_CHANNELS:
        raise ValueError(f"{players} channels: the exact value is kept to {MAX_CHANNELS}")
    mask = member.astype(np.int64) @ (1 << np.arange(players, dtype=np.int64))
    won = _subset_sums(np.bincount(mask, conversions, 1 << players), players)
    seen = _subset_sums(np.bincount(mask, journeys, 1 << players), players)
    rate = np.divide(won, seen, out=np.zeros(len(won)), where=seen > 0)
    rate[0] = 0.0
    return rate


def _subset_sums(values: np.ndarray, players: int) -> np.ndarray:
    total = values.astype(float)
    for player in range(players):
        halves = total.reshape(-1, 2, 1 << player)
        halves[:, 1, :] += halves[:, 0, :]
    return total


def _binomial(n: int, k: int) -> int:
    result = 1
    for step in range(k):
        result = result * (n - step) // (step + 1)
    return result
