"""Predictions: equal histories are computed once, intervals cover the truth, and known numbers come back."""

import numpy as np
import pytest

from orchestration.analytics.predict import Buyers, distinct_histories, expected_orders, predict
from orchestration.analytics.purchases import Histories, PurchaseFit, expected_purchases, fit_purchases, p_alive
from orchestration.analytics.spend import SpendFit, expected_spend, fit_spend

FIT = PurchaseFit("bg_nbd", 0.243, 4.414, 0.793, 2.426, 0.0, np.diag([0.01, 0.02, 0.03, 0.04]))
SPEND = SpendFit(6.25, 3.74, 15.44, 0.0, np.diag([0.01, 0.01, 0.01]))
BUYERS = Buyers(
    x=np.array([2.0, 0.0, 2.0, 5.0]),
    t_x=np.array([30.0, 0.0, 30.0, 12.0]),
    T=np.array([39.0, 39.0, 39.0, 39.0]),
    valued=np.array([2.0, 0.0, 1.0, 5.0]),
    mean_spend=np.array([50.0, 0.0, 20.0, 35.0]),
)


def test_every_customer_gets_what_the_formulas_say_of_him_alone():
    found = predict(FIT, SPEND, BUYERS, (10.0, 39.0))
    one_by_one = expected_purchases(FIT, BUYERS.x, BUYERS.t_x, BUYERS.T, 39.0)
    assert found.orders.shape == (2, 4)
    assert found.orders[1] == pytest.approx(one_by_one)
    assert expected_orders(FIT, BUYERS, 39.0) == pytest.approx(one_by_one)
    assert found.p_alive == pytest.approx(p_alive(FIT, BUYERS.x, BUYERS.t_x, BUYERS.T))
    worth = expected_spend(SPEND, BUYERS.valued, BUYERS.mean_spend)
    assert found.value == pytest.approx(found.orders * worth), "without a discount value is orders times their worth, at every horizon"


def test_groups_lead_back_to_their_customers():
    x, t_x, T, group = distinct_histories(BUYERS.x, BUYERS.t_x, BUYERS.T)
    assert len(x) == 3
    assert (x[group] == BUYERS.x).all() and (t_x[group] == BUYERS.t_x).all() and (T[group] == BUYERS.T).all()


def test_interval_holds_the_value_is_never_negative_and_closes_with_certainty():
    found = predict(FIT, SPEND, BUYERS, (39.0,))
    assert ((found.low <= found.value[-1]) & (found.value[-1] <= found.high) & (found.low >= 0)).all()
    assert (found.high > found.value[-1]).all()
    sure = predict(
        PurchaseFit("bg_nbd", *FIT.parameters, 0.0, np.zeros((4, 4))), SpendFit(*SPEND.parameters, 0.0, np.zeros((3, 3))), BUYERS, (39.0,)
    )
    assert sure.low == pytest.approx(sure.value[-1]) and sure.high == pytest.approx(sure.value[-1])


def test_money_of_later_is_worth_less_and_by_the_rate_that_was_set():
    """At 21 % a year an order expected within a year lies between full worth and 1 / 1.21 of it; in the limit of thin slices it is the
    integral of the discount over the growth of expected orders."""
    plain, less = (predict(FIT, SPEND, BUYERS, (30.0, 365.0), rate) for rate in (0.0, 0.21))
    assert less.orders == pytest.approx(plain.orders), "orders are counted, not discounted"
    assert ((less.value < plain.value) & (less.value > plain.value / 1.21)).all()
    assert (less.high < plain.high).all() and (less.low <= plain.low).all()
    days = np.linspace(0.0, 365.0, 2_001)
    upto = np.stack([expected_purchases(FIT, BUYERS.x, BUYERS.t_x, BUYERS.T, day) for day in days])
    present = (np.diff(upto, axis=0) * 1.21 ** (-(days[:-1] + days[1:]) / 730)[:, None]).sum(axis=0)
    assert less.value[-1] == pytest.approx(present * expected_spend(SPEND, BUYERS.valued, BUYERS.mean_spend), rel=5e-4)


def test_delta_method_agrees_with_drawing_the_parameters():
    """2,000 draws of the log parameters from their covariance: the spread of the expected value is the interval's, within 10 %."""
    small = PurchaseFit("bg_nbd", *FIT.parameters, 0.0, np.diag([0.01, 0.02, 0.03, 0.04]) / 100)
    tight = SpendFit(*SPEND.parameters, 0.0, np.diag([0.01, 0.01, 0.01]) / 100)
    found = predict(small, tight, BUYERS, (39.0,))
    random = np.random.Generator(np.random.PCG64(4))
    values = []
    for p, s in zip(
        random.multivariate_normal(np.log(small.parameters), small.covariance, 2_000),
        random.multivariate_normal(np.log(tight.parameters), tight.covariance, 2_000),
        strict=True,
    ):
        often = expected_purchases(PurchaseFit("bg_nbd", *np.exp(p), 0.0, small.covariance), BUYERS.x, BUYERS.t_x, BUYERS.T, 39.0)
        values.append(often * expected_spend(SpendFit(*np.exp(s), 0.0, tight.covariance), BUYERS.valued, BUYERS.mean_spend))
    assert (found.high - found.value[-1]) / 1.96 == pytest.approx(np.std(values, axis=0), rel=0.1)


def test_intervals_cover_the_true_expectation_on_simulated_customers():
    """Fit on 8,000 simulated customers; the expected value under the true parameters lies within the interval of nearly all of them."""
    random = np.random.Generator(np.random.PCG64(9))
    true, worth = PurchaseFit("bg_nbd", 0.6, 60.0, 0.9, 2.5, 0.0, np.zeros((4, 4))), SpendFit(6.25, 3.74, 154.4, 0.0, np.zeros((3, 3)))
    size = 8_000
    rate, leaving, T = random.gamma(0.6, 1 / 60.0, size), random.beta(0.9, 2.5, size), random.integers(100, 500, size).astype(float)
    x, t_x, now, alive = np.zeros(size), np.zeros(size), np.zeros(size), np.ones(size, bool)
    while alive.any():
        now += random.exponential(1 / np.maximum(rate, 1e-12))
        inside = alive & (now <= T)
        x[inside] += 1
        t_x[inside] = now[inside]
        alive = inside & (random.random(size) >= leaving)
    mean = random.gamma(6.25 * np.maximum(x, 1), 1 / random.gamma(3.74, 1 / 154.4, size)) / np.maximum(x, 1)
    purchases = fit_purchases(Histories(x, t_x, T, np.ones(size)))
    spend = fit_spend(x[x > 0], mean[x > 0])
    buyers = Buyers(x, np.floor(t_x), T, x, mean)
    found, truth = predict(purchases, spend, buyers, (365.0,)), predict(true, worth, buyers, (365.0,))
    assert np.mean((found.low <= truth.value[-1]) & (truth.value[-1] <= found.high)) > 0.9
