"""How strongly a touch of each channel hastens a purchase: additive hazards, fitted on converting and other journeys.

Zhang, Wei, Ren 2014, "Multi-touch attribution in online advertising with survival theory" (ICDM), section III: every touch adds
`strength[channel] · omega · exp(-omega · age)` to the hazard of converting. An order's credit is each touch's share of the hazard
at the moment of conversion, so a channel can only earn from orders it touched: at least those it alone touched.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

FEWEST_CONVERSIONS = 200
TOLERANCE = 1e-10
MOST_ROUNDS = 2_000


@dataclass(frozen=True)
class Hazards:
    """`strength` float[channels] ≥ 0, or None with the reason why there are too few data; `neutral` is the strength that all
    channels would have if they were alike, conversions ÷ exposure: what a channel gets of which nothing is known."""

    strength: np.ndarray | None
    rounds: int
    why_null: str | None = None
    neutral: float | None = None


def fit_hazards(
    channels: int,
    channel: np.ndarray,
    conversion: np.ndarray,
    age_days: np.ndarray,
    watched_days: np.ndarray,
    half_life_days: float = 7.0,
    touches: np.ndarray | None = None,
) -> Hazards:
    """Expectation-maximisation over touches, each array [touches].

    `channel` int; `conversion` int: number of the conversion the touch led up to, -1 for none; `age_days`: from touch to
    conversion (ignored without one); `watched_days`: from touch to conversion or to the end of its window; `touches`: how many equal
    touches a row stands for, one if not given. Deterministic: a fixed start, sums in the given order.
    Too few conversions or channels: None, and the caller falls back to time decay.
    """
    converting = conversion >= 0
    numbers, owner = np.unique(conversion[converting], return_inverse=True)
    present = np.unique(channel[converting])
    if len(numbers) < FEWEST_CONVERSIONS or len(present) < 2:
        return Hazards(None, 0, f"{len(numbers)} conversions over {len(present)} channels; {FEWEST_CONVERSIONS} over 2 are needed")
    omega = np.log(2) / half_life_days
    weight = np.ones(len(channel)) if touches is None else touches
    exposure = np.bincount(channel, -np.expm1(-omega * np.maximum(watched_days, 1 / 1440)) * weight, channels)
    kernel = omega * np.exp(-omega * age_days[converting]) * weight[converting]
    touched = channel[converting]
    strength = np.where(exposure > 0, 1.0, 0.0)
    change, rounds = np.inf, 0
    while change >= TOLERANCE and rounds < MOST_ROUNDS:
        rounds += 1
        pull = strength[touched] * kernel
        share = pull / np.bincount(owner, pull, len(numbers))[owner]
        improved = np.divide(np.bincount(touched, share, channels), exposure, out=np.zeros(channels), where=exposure > 0)
        change = np.abs(improved - strength).max()
        strength = improved
    return Hazards(strength, rounds, neutral=float(len(numbers) / exposure.sum()))
