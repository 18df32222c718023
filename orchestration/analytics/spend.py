"""What a purchase is worth: the gamma-gamma model of spend per transaction.

Fader, Hardie 2013, "The gamma-gamma model of monetary value"; equation numbers are theirs. One-time buyers carry no
information about spend variation between purchases and are left out by the caller.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy  # its rooms are imported by their first use, which is in a step, not when the UI opens

from orchestration.analytics.maximum import NotFitted, inverse_information, search
from orchestration.analytics.purchases import FEWEST_REPEATERS

MOST_CORRELATION = 0.3  # the model takes frequency and spend as independent; beyond this it is not said
_STARTS = ((1.0, 2.0, 1.0), (6.0, 4.0, 0.5))


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

    @property
    def standard_errors(self) -> np.ndarray:
        """float[3], by the delta method from the covariance of the logarithms."""
        return self.parameters * np.sqrt(np.diag(self.covariance))


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

    few, row = np.unique(x, return_inverse=True)  # special functions know x alone, of which there are few
    log_z = np.log(z)

    def loss(theta: np.ndarray) -> tuple[float, np.ndarray]:
        value, slope = _log_likelihood(theta, few, row, z, log_z, weight)
        return -value / weight.sum(), -slope / weight.sum()

    theta = search(loss, [np.log(start) for start in _STARTS], "spend likelihood")
    p, q, gamma = np.exp(theta) * np.array([1.0, 1.0, unit])
    if q <= 1:
        raise NotFitted(f"q = {q:.3g} is at most 1: the mean spend does not exist")
    covariance = inverse_information(lambda point: -weight.sum() * loss(point)[1], theta)
    return SpendFit(p, q, gamma, -loss(theta)[0] * weight.sum() - weight.sum() * np.log(unit), covariance)


def expected_spend(fit: SpendFit, x: np.ndarray, mean_spend: np.ndarray) -> np.ndarray:
    """Expected value per future transaction, float[n]; equation (5). x = 0 gives the population mean p·gamma/(q-1)."""
    return fit.p * (fit.gamma + x * np.where(x > 0, mean_spend, 0.0)) / (fit.p * x + fit.q - 1)


def log_likelihood(p: float, q: float, gamma: float, x: np.ndarray, mean_spend: np.ndarray, count: np.ndarray) -> float:
    """Log-likelihood of mean spends (float[n] > 0) of `count` customers with x ≥ 1 purchases at given parameters."""
    few, row = np.unique(x, return_inverse=True)
    return _log_likelihood(np.log([p, q, gamma]), few, row, mean_spend, np.log(mean_spend), count)[0]


def _log_likelihood(
    theta: np.ndarray, few: np.ndarray, row: np.ndarray, z: np.ndarray, log_z: np.ndarray, weight: np.ndarray
) -> tuple[float, np.ndarray]:
    """Value and gradient in log parameters; equation (1a). `few`: the distinct x, `row`: which of them each mean has."""
    p, q, gamma = np.exp(theta)
    sums = gamma + few[row] * z
    log_sum = np.log(sums)

    def per_x(weights: np.ndarray) -> np.ndarray:
        return np.bincount(row, weights, len(few))

    all_x, sum_x, z_x = per_x(weight), per_x(weight * log_sum), per_x(weight * log_z)
    log_beta = scipy.special.gammaln(p * few) + scipy.special.gammaln(q) - scipy.special.gammaln(p * few + q)
    of_x = q * theta[2] + p * few * np.log(few) - log_beta
    value = np.dot(all_x, of_x) + np.dot(p * few - 1, z_x) - np.dot(p * few + q, sum_x)
    common = scipy.special.digamma(p * few + q)
    slopes = np.array(
        [
            np.dot(few, all_x * (common - scipy.special.digamma(p * few) + np.log(few)) + z_x - sum_x),
            np.dot(all_x, common - scipy.special.digamma(q) + theta[2]) - sum_x.sum(),
            all_x.sum() * q / gamma - np.dot(p * few + q, per_x(weight / sums)),
        ]
    )
    return float(value), slopes * np.exp(theta)


def _correlation(x: np.ndarray, y: np.ndarray, weight: np.ndarray) -> float:
    dx, dy = x - np.average(x, weights=weight), y - np.average(y, weights=weight)
    spread = np.sqrt(np.average(dx**2, weights=weight) * np.average(dy**2, weights=weight))
    return float(np.average(dx * dy, weights=weight) / spread) if spread > 0 else 0.0
