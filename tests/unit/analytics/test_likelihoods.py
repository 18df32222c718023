"""Likelihoods and expectations against the integrals that define them, worked by quadrature that shares no formula with the code."""

import numpy as np
import pytest
from scipy import integrate, optimize, special, stats

from orchestration.analytics import spend
from orchestration.analytics.purchases import Histories, PurchaseFit, expected_purchases, log_likelihood, order_probability, p_alive

CDNOW = (0.2426, 4.4137, 0.7930, 2.4262)  # weeks; Fader, Hardie, Lee 2005, table 2
SPEND = (6.25, 3.74, 15.44)  # Fader, Hardie 2013: p, q, gamma
X, T_X, T = np.array([0.0, 1.0, 2.0, 7.0]), np.array([0.0, 30.0, 30.43, 12.0]), np.array([38.86, 31.0, 38.86, 39.0])
COUNT = np.array([3.0, 2.0, 1.0, 1.0])
MODELS = ("bg_nbd", "mbg_nbd")


def over_buyers(inside):
    """The mean of inside(rate, leaving) over rate ~ gamma(r, alpha) and leaving ~ beta(a, b), by Gauss-Laguerre and Gauss-Jacobi rules."""
    r, alpha, a, b = CDNOW
    rate, of_rate = special.roots_genlaguerre(150, r - 1)
    leaving, of_leaving = special.roots_jacobi(80, b - 1, a - 1)
    weights = np.outer(of_rate / special.gamma(r), of_leaving / of_leaving.sum())
    return float((weights * inside(rate[:, None] / alpha, (1 + leaving[None, :]) / 2)).sum())


def chances(model, x, t_x, T):
    """What one customer does, as a function of rate and leaving: still a buyer at T, and gone after the last purchase."""
    staying = x + 1 if model == "mbg_nbd" else x  # MBG/NBD: the first purchase is a chance to leave as well

    def alive(rate, leaving):
        return (1 - leaving) ** staying * rate**x * np.exp(-rate * T)

    def gone(rate, leaving):
        if staying == 0:
            return np.zeros_like(rate * leaving)
        return leaving * (1 - leaving) ** (staying - 1) * rate**x * np.exp(-rate * t_x)

    return alive, gone


@pytest.mark.parametrize("model", MODELS)
def test_likelihood_is_the_integral_over_all_buyers(model):
    by_hand = 0.0
    for x, t_x, ended, count in zip(X, T_X, T, COUNT, strict=True):
        alive, gone = chances(model, x, t_x, ended)
        by_hand += count * np.log(over_buyers(lambda rate, p, alive=alive, gone=gone: alive(rate, p) + gone(rate, p)))
    assert log_likelihood(np.array(CDNOW), Histories(X, T_X, T, COUNT), model) == pytest.approx(by_hand, rel=1e-7)


@pytest.mark.parametrize("model", MODELS)
def test_expectations_are_integrals_over_the_buyers_who_are_left(model):
    """Given rate and leaving, who is alive buys (1 - exp(-rate · leaving · h)) / leaving times in h, and not at all with exp(-rate · h)."""
    fit, horizon = PurchaseFit(model, *CDNOW, 0.0, np.eye(4)), 39.0
    for x, t_x, ended in zip(X, T_X, T, strict=True):
        alive, gone = chances(model, x, t_x, ended)
        left, all_ways = over_buyers(alive), over_buyers(lambda rate, p, alive=alive, gone=gone: alive(rate, p) + gone(rate, p))
        orders = over_buyers(lambda rate, p, alive=alive: alive(rate, p) * -np.expm1(-rate * p * horizon) / p) / all_ways
        silent = over_buyers(lambda rate, p, alive=alive: alive(rate, p) * np.exp(-rate * horizon)) / all_ways
        one = (np.array([x]), np.array([t_x]), np.array([ended]))
        assert p_alive(fit, *one)[0] == pytest.approx(left / all_ways, rel=1e-7)
        assert expected_purchases(fit, *one, horizon)[0] == pytest.approx(orders, rel=1e-6)
        assert order_probability(fit, *one, horizon)[0] == pytest.approx(left / all_ways - silent, rel=1e-5)


def test_spend_likelihood_is_the_integral_over_all_scales():
    p, q, gamma = SPEND
    x, mean, count = np.array([1.0, 3.0, 8.0]), np.array([12.0, 55.0, 33.5]), np.array([2.0, 1.0, 4.0])
    by_hand = 0.0
    for times, value, customers in zip(x, mean, count, strict=True):

        def density(nu, n=times, z=value):
            return stats.gamma.pdf(z, p * n, scale=1 / (nu * n)) * stats.gamma.pdf(nu, q, scale=1 / gamma)

        by_hand += customers * np.log(integrate.quad(density, 0, 5, limit=200)[0])
    assert spend.log_likelihood(p, q, gamma, x, mean, count) == pytest.approx(by_hand, rel=1e-7)


def test_spend_gradient_is_the_derivative():
    x, mean, count = np.array([1.0, 3.0, 8.0, 3.0]), np.array([12.0, 55.0, 33.5, 8.0]), np.array([2.0, 1.0, 4.0, 1.0])
    few, row = np.unique(x, return_inverse=True)

    def at(theta):
        return spend._log_likelihood(theta, few, row, mean, np.log(mean), count)

    for point in (np.log(SPEND), np.log([1.2, 0.8, 40.0])):
        numeric = optimize.approx_fprime(point, lambda t: at(t)[0], 1e-7)
        assert at(point)[1] == pytest.approx(numeric, rel=1e-4, abs=1e-5)
