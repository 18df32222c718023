"""What customers will buy: expected orders and value per customer from fitted models, with intervals.

Belongs here: applying fits to many customers at once. Does not: fitting (purchases, spend), deciding whether to publish (backtest).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from orchestration.analytics.purchases import PurchaseFit, expected_purchases, p_alive
from orchestration.analytics.spend import SpendFit, expected_spend

STEP = 1e-4  # of a log parameter, for central differences
WIDTH = 1.959963984540054  # standard errors of a two-sided 95 % interval


@dataclass(frozen=True)
class Buyers:
    """What is known of each customer, all float[n]: `x` repeat purchases, `t_x` and `T` in whole days, `valued` repeat purchases
    whose value is known, `mean_spend` their mean (ignored where `valued` is 0)."""

    x: np.ndarray
    t_x: np.ndarray
    T: np.ndarray
    valued: np.ndarray
    mean_spend: np.ndarray


@dataclass(frozen=True)
class Prediction:
    """`p_alive` float[n]; `orders` float[horizons, n]; `value`, `low`, `high` float[n] ≥ 0 for the last horizon."""

    p_alive: np.ndarray
    orders: np.ndarray
    value: np.ndarray
    low: np.ndarray
    high: np.ndarray


def predict(purchases: PurchaseFit, spend: SpendFit, buyers: Buyers, horizons: tuple[float, ...]) -> Prediction:
    """Expected orders over each horizon (days after T) and expected value over the last, undiscounted.

    Customers with equal histories are computed once. The interval is 95 % by the delta method: the uncertainty of the fitted
    parameters carried to the *expected* value through the gradient in log parameters (purchases and spend are fitted apart, so
    their errors are independent). It does not hold the chance of the single customer.
    """
    x, t_x, T, group = distinct_histories(buyers.x, buyers.t_x, buyers.T)
    orders = np.stack([expected_purchases(purchases, x, t_x, T, horizon) for horizon in horizons])
    of_orders = _variance(purchases, lambda fit: expected_purchases(fit, x, t_x, T, horizons[-1]))
    worth = expected_spend(spend, buyers.valued, buyers.mean_spend)
    of_worth = _variance(spend, lambda fit: expected_spend(fit, buyers.valued, buyers.mean_spend))
    often = orders[-1][group]
    value = often * worth
    spread = WIDTH * np.sqrt(worth**2 * of_orders[group] + often**2 * of_worth)
    return Prediction(p_alive(purchases, x, t_x, T)[group], orders[:, group], value, np.maximum(value - spread, 0.0), value + spread)


def expected_orders(purchases: PurchaseFit, buyers: Buyers, horizon: float) -> np.ndarray:
    """Expected orders of each customer within the horizon (days after T), float[n] ≥ 0; equal histories are computed once."""
    x, t_x, T, group = distinct_histories(buyers.x, buyers.t_x, buyers.T)
    return expected_purchases(purchases, x, t_x, T, horizon)[group]


def distinct_histories(x: np.ndarray, t_x: np.ndarray, T: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Distinct (x, t_x, T) of whole numbers below 2^20, sorted, as float arrays, and int[n]: the row of each customer."""
    packed = (x.astype(np.int64) << 40) | (t_x.astype(np.int64) << 20) | T.astype(np.int64)
    known, group = np.unique(packed, return_inverse=True)
    low = (1 << 20) - 1
    return (known >> 40).astype(float), ((known >> 20) & low).astype(float), (known & low).astype(float), group


def _variance(fit: PurchaseFit | SpendFit, expected) -> np.ndarray:
    """Delta method: gradient · covariance · gradient, the gradient by central differences in log parameters."""
    names = ("r", "alpha", "a", "b") if isinstance(fit, PurchaseFit) else ("p", "q", "gamma")
    up, down = np.exp(STEP), np.exp(-STEP)
    slopes = np.stack(
        [
            (expected(replace(fit, **{name: value * up})) - expected(replace(fit, **{name: value * down}))) / (2 * STEP)
            for name, value in zip(names, fit.parameters, strict=True)
        ]
    )
    return np.maximum(np.einsum("in,ij,jn->n", slopes, fit.covariance, slopes), 0.0)
