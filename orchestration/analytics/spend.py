"""What a purchase is worth: the gamma-gamma model of spend per transaction.

Fader, Hardie 2013, "The gamma-gamma model of monetary value"; equation numbers are theirs. One-time buyers carry no
information about spend variation between purchases and are left out by the caller.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import optimize, special

from orchestration.analytics.purchases import FEWEST_REPEATERS, NotFitted, inverse_information

MOST_CORRELATION = 0.3  # the model takes frequency and spend as independent; beyond this it is not said


@dataclass(frozen=True)
class SpendFit:
    """Maximum-likelihood `p, q, gamma`; `covariance` float[3, 3] of their logarithms."""

    p: float
    q: float
    gamma: float
    log_likelihood: float
    covariance: np.ndarray

    @property
    def parameters(self) -> np.ndarray:
        """float[3]: p, q, gamma."""
        return np.array([self.p, self.q, self.gamma])


def fit_spend(x: np.ndarray, mean_spend: np.ndarray, count: np.ndarray | None = None) -> SpendFit:
    """Fit on customers with x ≥ 1 repeat purchases of mean value > 0 (float[n] each; `count` customers per row).

    NotFitted: too few, frequency and spend correlated beyond 0.3, q ≤ 1 (the mean does not exist), no interior maximum.
    """
    weight = np.ones(len(x)) if count is None else count
    if weight.sum() < FEWEST_REPEATERS:
        raise NotFitted(f"{weight.sum():.0f} customers with repeat spend, fewer than {FEWEST_REPEATERS}")
    correlation = _correlation(x, mean_spend, weight)
    if abs(correlation) > MOST_CORRELATION:
        raise NotFitted(f"frequency and spend correlate at {correlation:.2f}; gamma-gamma takes them as independent")
    unit = float(np.average(mean_spend, weights=weight))
    z = mean_spend / unit

    def loss(theta: np.ndarray) -> tuple[float, np.ndarray]:
        value, slope = _log_likelihood(theta, x, z, weight)
        return -value / weight.sum(), -slope / weight.sum()

    tries = [
        optimize.minimize(loss, np.log(s), jac=True, method="L-BFGS-B", bounds=[(-12.0, 12.0)] * 3, options={"ftol": 1e-15, "gtol": 1e-9})
        for s in ((1.0, 2.0, 1.0), (6.0, 4.0, 0.5))
    ]
    best = min(tries, key=lambda result: result.fun)
    polished = optimize.minimize(loss, best.x, jac=True, method="BFGS", options={"gtol": 1e-9})
    theta = polished.x if polished.fun <= best.fun else best.x
    if np.abs(loss(theta)[1]).max() > 1e-4 or np.abs(theta).max() >= 11.9:
        raise NotFitted("the spend likelihood has no interior maximum: " + ", ".join(f"{v:.3g}" for v in np.exp(theta)))
    p, q, gamma = np.exp(theta) * np.array([1.0, 1.0, unit])
    if q <= 1:
        raise NotFitted(f"q = {q:.3g} is at most 1: the mean spend does not exist")
    covariance = inverse_information(lambda point: -weight.sum() * loss(point)[1], theta)
    return SpendFit(p, q, gamma, -loss(theta)[0] * weight.sum() - weight.sum() * np.log(unit), covariance)


def expected_spend(fit: SpendFit, x: np.ndarray, mean_spend: np.ndarray) -> np.ndarray:
    """Expected value per future transaction, float[n]; equation (5). x = 0 gives the population mean p·gamma/(q-1)."""
    return fit.p * (fit.gamma + x * np.where(x > 0, mean_spend, 0.0)) / (fit.p * x + fit.q - 1)


def _log_likelihood(theta: np.ndarray, x: np.ndarray, z: np.ndarray, weight: np.ndarray) -> tuple[float, np.ndarray]:
    """Value and gradient in log parameters; equation (1a)."""
    p, q, gamma = np.exp(theta)
    px, log_sum, log_z = p * x, np.log(gamma + x * z), np.log(z)
    few, row = np.unique(x, return_inverse=True)  # special functions know x alone, of which there are few
    of_x = special.gammaln(p * few + q) - special.gammaln(p * few) - special.gammaln(q) + q * theta[2] + p * few * np.log(few)
    value = of_x[row] + (px - 1) * log_z - (px + q) * log_sum
    slopes = np.stack(
        [
            x * ((special.digamma(p * few + q) - special.digamma(p * few) + np.log(few))[row] + log_z - log_sum),
            (special.digamma(p * few + q) - special.digamma(q) + theta[2])[row] - log_sum,
            q / gamma - (px + q) / (gamma + x * z),
        ]
    )
    return float(np.dot(weight, value)), (slopes @ weight) * np.exp(theta)


def _correlation(x: np.ndarray, y: np.ndarray, weight: np.ndarray) -> float:
    dx, dy = x - np.average(x, weights=weight), y - np.average(y, weights=weight)
    spread = np.sqrt(np.average(dx**2, weights=weight) * np.average(dy**2, weights=weight))
    return float(np.average(dx * dy, weights=weight) / spread) if spread > 0 else 0.0
