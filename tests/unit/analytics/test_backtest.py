"""Back-tests: metrics on numbers worked by hand, honest baselines, and a verdict that refuses what did not earn it."""

from dataclasses import replace

import numpy as np
import pytest

from orchestration.analytics.backtest import Known, Score, baselines, measure, score, verdict


def known(**given):
    size = len(next(iter(given.values())))
    zero = np.zeros(size)
    return Known(**{**dict.fromkeys(("repeats", "recency", "age", "last_period", "next_period", "last_year"), zero), **given})


def test_metrics_by_hand():
    """Ten customers of 1 to 10 yuan, predicted the other way round: no bias, |1-10| … = 50 in sum, and the order is exactly wrong."""
    actual = np.arange(1.0, 11.0)
    found = measure(actual[::-1], actual)
    assert found["bias"] == 0
    assert found["mae"] == pytest.approx(5.0)
    assert found["decile_error"] == pytest.approx(5.0 / 5.5)
    assert found["gini"] == pytest.approx(-1.0)
    assert measure(actual, actual) == {"bias": 0, "mae": 0, "decile_error": 0, "gini": pytest.approx(1.0)}


def test_a_constant_guess_finds_no_order_and_its_ties_say_so():
    assert measure(np.full(6, 2.0), np.array([0.0, 0, 0, 4, 4, 4]))["gini"] == pytest.approx(0.0)


def test_nothing_bought_cannot_be_measured():
    assert np.isnan(list(measure(np.ones(3), np.zeros(3)).values())).all()
    assert np.isnan(list(measure(np.zeros(0), np.zeros(0)).values())).all()


def test_baselines_learn_one_horizon_earlier_and_say_what_they_lack():
    lead = known(age=np.array([10.0, 10, 70]), recency=np.array([10.0, 10, 5]), next_period=np.array([1.0, 3, 20]))
    now = known(age=np.array([20.0, 65, 200]), recency=np.array([10.0, 5, 5]), last_period=np.array([7.0, 8, 9]))
    guesses = baselines(now, lead)
    assert guesses["last_period"].tolist() == [7, 8, 9]
    assert guesses["cohort_mean"].tolist() == [2, 20, 8]  # first month: (1 + 3) / 2; third month: 20; no cohort of that age: mean of all
    assert guesses["same_phase_last_year"] == "no customer is a year old on this day"
    old = replace(now, age=np.array([400.0, 400, 20]), last_year=np.array([10.0, 0, 99]))
    assert baselines(old, lead)["same_phase_last_year"].tolist() == [5, 5, 5]
    assert baselines(now, known(age=np.zeros(0)))["rfm_cell_mean"] == "nobody had bought one horizon earlier"


def test_rfm_cells_tell_recent_from_old():
    recency = np.arange(100.0)
    lead = known(recency=recency, age=recency, next_period=np.where(recency < 20, 10.0, 0.0))
    guess = baselines(known(recency=np.array([3.0, 90.0]), age=np.zeros(2)), lead)["rfm_cell_mean"]
    assert guess[0] > 9 and guess[1] == 0


def test_scores_stand_beside_every_baseline():
    actual = np.array([0.0, 0, 10, 10])
    scores = score("m", "2026-01-01", "value", np.array([1.0, 1, 9, 9]), actual, {"flat": np.full(4, 5.0), "none": "no data"})
    assert len(scores) == 8
    flat = {each.metric: each for each in scores if each.baseline == "flat"}
    assert flat["mae"].value == 1 and flat["mae"].baseline_value == 5 and flat["mae"].beats
    assert flat["gini"].beats and flat["decile_error"].beats and not flat["bias"].beats  # both totals are right: nobody is better
    assert all(each.beats is None and each.why_null == "no data" for each in scores if each.baseline == "none")


def tried(cutoff, mae, theirs, bias=0.0, naive=("naive", "simple")):
    rows = [("mae", mae, theirs, mae < theirs), ("bias", bias, 0.5, abs(bias) < 0.5)]
    return [Score("m", cutoff, "value", metric, value, name, other, beats) for metric, value, other, beats in rows for name in naive]


def test_a_model_that_wins_everywhere_is_published():
    assert verdict(tried("a", 1, 2) + tried("b", 1, 2), "m") is None


@pytest.mark.parametrize(
    ("scores", "why"),
    [
        (tried("a", 1, 2), "tried at 1 cut-offs, 2 are needed"),
        ([], "tried at 0 cut-offs"),
        (tried("a", 1, 2) + tried("b", 3, 2), "loses to naive at b: mean absolute error 3.00 against 2.00"),
        (tried("a", 2, 2) + tried("b", 1, 2), "loses to naive at a"),
        (tried("a", 1, 2, bias=-0.4) + tried("b", 1, 2), "off by -40% in total at a"),
        (tried("a", 1, 2, bias=float("nan")) + tried("b", 1, 2), "nothing was bought"),
        (tried("a", 1, 2) + tried("b", 1, 2, naive=("last_period",)), "1 baselines to compare with at b, 2 are needed"),
    ],
)
def test_a_model_that_did_not_earn_it_is_refused_with_the_reason(scores, why):
    assert why in verdict(scores, "m")
