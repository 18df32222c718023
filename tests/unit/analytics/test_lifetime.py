"""BG/NBD, MBG/NBD and gamma-gamma: simulated parameters come back, gradients are right, bad data are refused."""

import numpy as np
import pytest
from scipy import optimize

from orchestration.analytics import purchases
from orchestration.analytics.maximum import NotFitted
from orchestration.analytics.purchases import Histories, expected_purchases, fit_purchases, order_probability, p_alive
from orchestration.analytics.spend import expected_spend, fit_spend

TRUE = np.array([0.6, 8.0, 0.9, 2.5])
CDNOW = np.array([0.2426, 4.4137, 0.7930, 2.4262])  # weeks; Fader, Hardie, Lee 2005, table 2: used to simulate, the data are not ours


def simulated(customers, model, seed, parameters=TRUE):
    """Histories of customers observed 20 to 60 weeks, and purchases in the 26 weeks after, simulated event by event."""
    random = np.random.Generator(np.random.PCG64(seed))
    r, alpha, a, b = parameters
    rate, p = random.gamma(r, 1 / alpha, customers), random.beta(a, b, customers)
    T = random.integers(20, 61, customers).astype(float)
    alive = random.random(customers) >= p if model == "mbg_nbd" else np.ones(customers, bool)
    now, x, t_x, future = np.zeros(customers), np.zeros(customers), np.zeros(customers), np.zeros(customers)
    while alive.any():
        now = now + random.exponential(1 / np.maximum(rate, 1e-12))
        inside, after = alive & (now <= T), alive & (now > T) & (now <= T + 26)
        x[inside] += 1
        t_x[inside] = now[inside]
        future[after] += 1
        alive &= (now <= T + 26) & (random.random(customers) >= p)
    return Histories(x, t_x, T, np.ones(customers)), future


@pytest.mark.parametrize("true", [TRUE, CDNOW], ids=["brand", "cdnow"])
@pytest.mark.parametrize("model", ["bg_nbd", "mbg_nbd"])
def test_true_parameters_lie_within_their_errors_and_predictions_hold(model, true):
    histories, future = simulated(15_000, model, 13, true)
    fit = fit_purchases(histories, model)
    assert (np.abs(fit.parameters - true) < 3 * fit.standard_errors).all(), (fit.parameters, fit.standard_errors)
    predicted = expected_purchases(fit, histories.x, histories.t_x, histories.T, 26.0)
    assert predicted.sum() == pytest.approx(future.sum(), rel=0.05)
    again = order_probability(fit, histories.x, histories.t_x, histories.T, 26.0)
    assert again.sum() == pytest.approx((future > 0).sum(), rel=0.05)
    assert ((again >= 0) & (again <= p_alive(fit, histories.x, histories.t_x, histories.T)) & (again <= predicted + 1e-12)).all()
    assert fit.log_likelihood == pytest.approx(purchases.log_likelihood(fit, histories, model), rel=1e-9)
    assert fit.log_likelihood > purchases.log_likelihood(true, histories, model), "the maximum lies above the truth"


@pytest.mark.parametrize("true", [TRUE, CDNOW], ids=["brand", "cdnow"])
def test_standard_errors_are_the_spread_of_the_estimates(true):
    """Eight brands of one truth: errors of the log parameters in units of their standard errors have a mean square of about 1."""
    off = []
    for seed in range(8):
        fit = fit_purchases(simulated(4_000, "bg_nbd", 100 + seed, true)[0])
        off.append(np.log(fit.parameters / true) / np.sqrt(np.diag(fit.covariance)))
    assert 0.5 < np.mean(np.square(off)) < 1.7, np.square(off).mean(axis=0)


@pytest.mark.parametrize("model", ["bg_nbd", "mbg_nbd"])
def test_gradient_is_the_derivative(model):
    histories, _ = simulated(300, model, 3)
    known, point = purchases._Distinct.of(histories), np.log([0.4, 5.0, 0.7, 2.0])
    error = optimize.check_grad(
        lambda t: purchases._log_likelihood(t, known, model)[0], lambda t: purchases._log_likelihood(t, known, model)[1], point
    )
    assert error < 1e-2  # of gradients in the hundreds, by forward differences


def test_published_likelihood_formula_on_a_small_table():
    """x = 2, t_x = 30.43, T = 38.86 with r .243, alpha 4.414, a .793, b 2.426: P(alive) and E[X(39)] worked from the equations."""
    fit = purchases.PurchaseFit("bg_nbd", 0.243, 4.414, 0.793, 2.426, 0.0, np.eye(4))
    one = [np.array([value]) for value in (2.0, 30.43, 38.86)]
    assert expected_purchases(fit, *one, 39.0)[0] == pytest.approx(1.226, abs=1e-3)  # Fader, Hardie, Lee 2005, section 4
    assert p_alive(fit, *one)[0] == pytest.approx(1 / (1 + 0.793 / 3.426 * (43.274 / 34.844) ** 2.243), abs=1e-12)


def test_grouping_does_not_change_the_fit():
    histories, _ = simulated(4_000, "bg_nbd", 5)
    coarse = Histories(histories.x, np.ceil(histories.t_x), histories.T, histories.count)
    rows, count = np.unique(np.stack([coarse.x, coarse.t_x, coarse.T]), axis=1, return_counts=True)
    single, grouped = fit_purchases(coarse), fit_purchases(Histories(*rows, count.astype(float)))
    assert grouped.parameters == pytest.approx(single.parameters, rel=1e-4)


def test_spend_comes_back_and_shrinks_to_the_mean():
    random = np.random.Generator(np.random.PCG64(2))
    p, q, gamma = 6.25, 3.74, 15.44
    x = random.integers(1, 12, 20_000).astype(float)
    nu = random.gamma(q, 1 / gamma, len(x))
    z = random.gamma(p * x, 1 / (nu * x))
    fit = fit_spend(x, z)
    assert (np.abs(fit.parameters - [p, q, gamma]) < 3 * fit.standard_errors).all()
    assert expected_spend(fit, np.array([0.0]), np.array([0.0]))[0] == pytest.approx(fit.p * fit.gamma / (fit.q - 1))


def test_too_few_repeat_buyers_are_refused():
    histories, _ = simulated(50, "bg_nbd", 1)
    with pytest.raises(NotFitted, match="repeat buyers, fewer than 100"):
        fit_purchases(histories)
    with pytest.raises(NotFitted, match="customers with repeat spend, fewer than 100"):
        fit_spend(np.ones(99), np.full(99, 30.0))


@pytest.mark.parametrize("model", ["bg_nbd", "mbg_nbd"])
def test_buyers_who_are_all_alike_have_no_maximum_and_are_refused(model):
    """One rate for everybody and nobody ever leaves: r and alpha run off together, the search must not stop somewhere and say so."""
    random = np.random.Generator(np.random.PCG64(6))
    x = random.poisson(4.0, 3_000).astype(float)
    T = np.full(3_000, 40.0)
    with pytest.raises(NotFitted, match=r"no interior maximum|not positive definite"):
        fit_purchases(Histories(x, np.where(x > 0, T * random.beta(np.maximum(x, 1), 1.0), 0.0), T, np.ones(3_000)), model)


def test_spend_that_goes_with_frequency_is_refused():
    x = np.repeat(np.arange(1.0, 6.0), 60)
    with pytest.raises(NotFitted, match=r"correlate at 1\.00"):
        fit_spend(x, 10 * x + np.tile([0.1, 0.2], 150))


def test_spend_without_a_mean_is_refused_by_its_q():
    random = np.random.Generator(np.random.PCG64(4))
    x = random.integers(1, 6, 4_000).astype(float)
    nu = random.gamma(0.7, 1 / 20.0, len(x))  # q = 0.7: the mean of 1 / nu does not exist
    with pytest.raises(NotFitted, match=r"q = 0\.\d+ is at most 1: the mean spend does not exist"):
        fit_spend(x, random.gamma(4.0 * x, 1 / (nu * x)))
