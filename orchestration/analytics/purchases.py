"""How often customers buy and whether they are still alive: the BG/NBD and MBG/NBD models.

Fader, Hardie, Lee 2005, "Counting your customers the easy way" (Marketing Science 24(2); equation numbers below are theirs),
and Batislam, Denizel, Filiztekin 2007 (IJRM 24(3)) for MBG/NBD, where a customer may also drop out at the first purchase.
Statistics are grouped: one row per distinct (x, t_x, T) with a count, so a million customers cost what their patterns cost.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import scipy  # its rooms are imported by their first use, which is in a step, not when the UI opens

from orchestration.analytics.maximum import NotFitted, inverse_information, search

Model = Literal["bg_nbd", "mbg_nbd"]
FEWEST_REPEATERS = 100  # below this the four parameters are not identified in practice
_ROUGH_HISTORIES = 5_000  # every start is tried on about so many; which of them leads on does not need them all
_STARTS = ((1.0, 1.0, 1.0, 1.0), (0.3, 4.0, 0.8, 2.5), (1.0, 30.0, 0.5, 3.0))


@dataclass(frozen=True)
class Histories:
    """Grouped purchase histories, all float[n]: `x` repeat purchases, `t_x` time of the last one, `T` time observed since the
    first purchase (same unit, T > 0, 0 ≤ t_x ≤ T, t_x = 0 exactly where x = 0), `count` customers with this history."""

    x: np.ndarray
    t_x: np.ndarray
    T: np.ndarray
    count: np.ndarray


@dataclass(frozen=True)
class PurchaseFit:
    """Maximum-likelihood estimates: `r, alpha` (purchase rate), `a, b` (drop-out); `covariance` float[4, 4] of their logarithms."""

    model: Model
    r: float
    alpha: float
    a: float
    b: float
    log_likelihood: float
    covariance: np.ndarray

    @property
    def parameters(self) -> np.ndarray:
        """float[4]: r, alpha, a, b."""
        return np.array([self.r, self.alpha, self.a, self.b])

    @property
    def standard_errors(self) -> np.ndarray:
        """float[4], by the delta method from the covariance of the logarithms."""
        return self.parameters * np.sqrt(np.diag(self.covariance))


def fit_purchases(histories: Histories, model: Model = "bg_nbd") -> PurchaseFit:
    """Fit by L-BFGS-B with analytic gradients in log space, from three fixed starts. NotFitted with a reason otherwise."""
    repeaters = histories.count[histories.x > 0].sum()
    if repeaters < FEWEST_REPEATERS:
        raise NotFitted(f"{repeaters:.0f} repeat buyers, fewer than {FEWEST_REPEATERS}")
    customers = histories.count.sum()
    unit = float(np.average(histories.T, weights=histories.count))  # times near 1 keep the search well scaled
    scaled = Histories(histories.x, histories.t_x / unit, histories.T / unit, histories.count)

    def loss_on(every: int):
        part = Histories(*(each[::every] for each in (scaled.x, scaled.t_x, scaled.T, scaled.count)))
        known, weight = _Distinct.of(part), part.count.sum()

        def loss(theta: np.ndarray) -> tuple[float, np.ndarray]:
            value, slope = _log_likelihood(theta, known, model)
            return -value / weight, -slope / weight

        return loss

    loss = loss_on(1)
    theta = search(loss, [np.log(start) for start in _STARTS], "likelihood", loss_on(1 + len(scaled.x) // _ROUGH_HISTORIES))
    covariance = inverse_information(lambda point: -customers * loss(point)[1], theta)
    r, alpha, a, b = np.exp(theta) * np.array([1.0, unit, 1.0, 1.0])
    # the density of t_x is per unit of time: undo the scaling for a log-likelihood in the caller's unit
    jacobian = float(np.sum(histories.count * histories.x)) * np.log(unit)
    return PurchaseFit(model, r, alpha, a, b, -loss(theta)[0] * customers - jacobian, covariance)


def log_likelihood(fit_or_parameters: PurchaseFit | np.ndarray, histories: Histories, model: Model = "bg_nbd") -> float:
    """Log-likelihood of grouped histories at given parameters r, alpha, a, b."""
    parameters = fit_or_parameters.parameters if isinstance(fit_or_parameters, PurchaseFit) else np.asarray(fit_or_parameters)
    return _log_likelihood(np.log(parameters), _Distinct.of(histories), model)[0]


@dataclass(frozen=True)
class _Distinct:
    """Histories as the distinct values of x, t_x and T and where each history finds its own: logarithms and special functions are
    then taken of a few hundred values, whatever the number of histories."""

    x: tuple[np.ndarray, np.ndarray]
    t_x: tuple[np.ndarray, np.ndarray]
    T: tuple[np.ndarray, np.ndarray]
    count: np.ndarray

    @staticmethod
    def of(histories: Histories) -> _Distinct:
        parts = (np.unique(each, return_inverse=True) for each in (histories.x, histories.t_x, histories.T))
        return _Distinct(*parts, histories.count)


def _mixture(parameters: np.ndarray, x: np.ndarray, log_t: np.ndarray, log_T: np.ndarray, model: Model) -> tuple[np.ndarray, np.ndarray]:
    """Logarithms of the two terms of the likelihood, alive at T and dropped out after the last purchase; `log_t` = log(alpha + t_x)."""
    r, _, a, b = parameters
    alive, dead = -(r + x) * log_T, np.log(a) - (r + x) * log_t
    if model == "mbg_nbd":
        return alive + np.log(b + x), dead
    return alive, np.where(x > 0, dead - np.log(np.where(x > 0, b + x - 1, 1.0)), -np.inf)


def _log_likelihood(theta: np.ndarray, data: _Distinct, model: Model) -> tuple[float, np.ndarray]:
    """Value and gradient in log parameters. BG/NBD: equation (6); MBG/NBD: Batislam et al. equation (4)."""
    r, alpha, a, b = parameters = np.exp(theta)
    extra = 1.0 if model == "mbg_nbd" else 0.0
    (x, row), (times, at_t), (ends, at_T) = data.x, data.t_x, data.T
    log_t, log_T, count = np.log(alpha + times)[at_t], np.log(alpha + ends)[at_T], data.count
    alive, dead = _mixture(parameters, x[row], log_t, log_T, model)
    both = np.logaddexp(alive, dead)
    w_dead = np.exp(dead - both)
    w_alive = 1.0 - w_dead

    def per_x(weights: np.ndarray) -> np.ndarray:
        return np.bincount(row, weights, len(x))

    all_x, dead_x = per_x(count), per_x(count * w_dead)
    of_time = per_x(count * (w_alive * log_T + w_dead * log_t))
    of_alpha = per_x(count * (w_alive * (1 / (alpha + ends))[at_T] + w_dead * (1 / (alpha + times))[at_t]))
    of_x = (
        scipy.special.gammaln(r + x) - scipy.special.gammaln(r) + r * theta[1]
        + scipy.special.gammaln(a + b) + scipy.special.gammaln(b + x) - scipy.special.gammaln(b) - scipy.special.gammaln(a + b + x + extra)
    )  # fmt: skip
    shared = scipy.special.digamma(a + b) - scipy.special.digamma(a + b + x + extra)
    divisor = np.where(x > 0, b + x - 1, 1.0)
    last = (all_x - dead_x) / (b + x) if model == "mbg_nbd" else np.where(x > 0, -dead_x / divisor, 0.0)
    slopes = np.array(
        [
            np.dot(all_x, scipy.special.digamma(r + x) - scipy.special.digamma(r) + theta[1]) - of_time.sum(),
            all_x.sum() * r / alpha - np.dot(r + x, of_alpha),
            np.dot(all_x, shared) + dead_x.sum() / a,
            np.dot(all_x, shared + scipy.special.digamma(b + x) - scipy.special.digamma(b)) + last.sum(),
        ]
    )
    return float(np.dot(all_x, of_x) + np.dot(count, both)), slopes * parameters


def p_alive(fit: PurchaseFit, x: np.ndarray, t_x: np.ndarray, T: np.ndarray) -> np.ndarray:
    """Probability of still being a buyer, float[n] in [0, 1] (Fader, Hardie 2008 note; a one-time buyer is 1 under BG/NBD)."""
    alive, dead = _mixture(fit.parameters, x, np.log(fit.alpha + t_x), np.log(fit.alpha + T), fit.model)
    return np.exp(alive - np.logaddexp(alive, dead))


def order_probability(fit: PurchaseFit, x: np.ndarray, t_x: np.ndarray, T: np.ndarray, horizon: float) -> np.ndarray:
    """Probability of at least one purchase in (T, T + horizon], float[n] in [0, 1]: alive, and not silent for the horizon. Of those
    alive at T the purchase rate is gamma(r + x, alpha + T), so a horizon is silent with ((alpha + T) / (alpha + T + horizon))^(r + x)."""
    silent = np.exp((fit.r + x) * (np.log(fit.alpha + T) - np.log(fit.alpha + T + horizon)))
    return p_alive(fit, x, t_x, T) * (1.0 - silent)


def expected_purchases(fit: PurchaseFit, x: np.ndarray, t_x: np.ndarray, T: np.ndarray, horizon: float) -> np.ndarray:
    """Expected purchases in (T, T + horizon], float[n] ≥ 0. BG/NBD: equation (10); MBG/NBD: the same with b + 1 and no b + x - 1.

    The hypergeometric function depends on (x, T) only, so it is evaluated once per distinct pair.
    """
    r, alpha, a, b = fit.parameters
    if abs(a - 1.0) < 1e-6:
        a = 1.0 + 1e-6  # (a - 1) cancels in the limit; a step aside costs less than 1e-6 of the value
    shift = 1.0 if fit.model == "mbg_nbd" else 0.0
    (frequencies, times), (of_x, of_T) = zip(*(np.unique(each, return_inverse=True) for each in (x, T)), strict=True)
    pairs, back = np.unique(of_x * len(times) + of_T, return_inverse=True)  # one number a pair: sorting rows takes ten times as long
    frequency, observed = frequencies[pairs // len(times)], times[pairs % len(times)]
    z = horizon / (alpha + observed + horizon)
    series = scipy.special.hyp2f1(r + frequency, b + frequency + shift, a + b + frequency - 1 + shift, z)
    decay = np.exp((r + frequency) * (np.log(alpha + observed) - np.log(alpha + observed + horizon)))
    growth = (a + b + frequency - 1 + shift) / (a - 1.0) * (1.0 - decay * series)
    return np.maximum(growth[back] * p_alive(fit, x, t_x, T), 0.0)
