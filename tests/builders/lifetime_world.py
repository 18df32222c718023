"""A brand whose lifetime parameters are known: purchases by BG/NBD, spend by gamma-gamma; nothing of the product's formulas."""

from __future__ import annotations

import numpy as np

from orchestration.analytics.predict import Buyers

TRUE = np.array([0.6, 60.0, 0.9, 2.5])  # r, alpha (days), a, b


def simulated(customers: int, seed: int = 1) -> Buyers:
    """Two years of a brand, event by event; times in whole days, spend by gamma-gamma (p 6.25, q 3.74, gamma 154.4)."""
    random = np.random.Generator(np.random.PCG64(seed))
    rate, leaving = random.gamma(TRUE[0], 1 / TRUE[1], customers), random.beta(TRUE[2], TRUE[3], customers)
    T = random.integers(30, 731, customers).astype(float)
    x, t_x, now = np.zeros(customers), np.zeros(customers), np.zeros(customers)
    left = np.arange(customers)
    while len(left):
        now[left] += np.maximum(random.exponential(1 / np.maximum(rate[left], 1e-12)), 1.0)
        left = left[now[left] <= T[left]]
        x[left] += 1
        t_x[left] = np.floor(now[left])
        left = left[random.random(len(left)) >= leaving[left]]
    worth = random.gamma(3.74, 1 / 154.4, customers)
    mean = np.divide(random.gamma(6.25 * np.maximum(x, 1), 1 / worth), np.maximum(x, 1))
    return Buyers(x, t_x, T, x, np.where(x > 0, mean, 0.0))
