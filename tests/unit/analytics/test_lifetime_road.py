"""From histories to a published prediction: what is learned, tried, refused, and said."""

import numpy as np

from orchestration.analytics.backtest import Known
from orchestration.analytics.lifetime import RepeatSpend, Trial, estimates, judge, predict_published
from orchestration.analytics.predict import Buyers
from orchestration.analytics.purchases import Histories


def brand(customers=2_500, seed=3):
    """Purchase days of customers who came over 300 days, by BG/NBD, and what each day was worth, to day 420."""
    random = np.random.Generator(np.random.PCG64(seed))
    born, rate, leaving = random.integers(0, 300, customers), random.gamma(0.8, 1 / 40.0, customers), random.beta(0.7, 2.5, customers)
    worth = 1 / random.gamma(4.0, 1 / 150.0, customers)
    who, day = [np.arange(customers)], [born.astype(float)]
    now, left = born.astype(float), np.arange(customers)
    while len(left):
        now[left] = np.floor(now[left] + 1 + random.exponential(1 / np.maximum(rate[left], 1e-12)))
        left = left[now[left] < 420]
        who.append(left)
        day.append(now[left])
        left = left[random.random(len(left)) >= leaving[left]]
    owner, days = np.concatenate(who), np.concatenate(day)
    return born, owner, days, random.gamma(6.0, 1 / 6.0, len(owner)) * worth[owner]


def at(data, cutoff, horizon=60):
    born, owner, days, money = data
    size, seen = len(born), days < cutoff
    here = born < cutoff
    count = np.bincount(owner[seen], minlength=size)
    last = np.zeros(size)
    np.maximum.at(last, owner[seen], days[seen])
    again = seen & (days > born[owner])
    spent = np.bincount(owner[again], money[again], size)
    x, t_x, T = np.maximum(count - 1.0, 0), np.maximum(last - born, 0), cutoff - born.astype(float)
    t_x[x == 0] = 0
    mean = np.divide(spent, x, out=np.zeros(size), where=x > 0)
    buyers = Buyers(*(each[here] for each in (x, t_x, T, x, mean)))

    def of(weights):
        before, after = seen & (days >= cutoff - horizon), ~seen & (days < cutoff + horizon)
        past, coming = (np.bincount(owner[part], weights[part], size)[here] for part in (before, after))
        return Known(buyers.x, buyers.T - buyers.t_x, buyers.T, past, coming, np.zeros(here.sum()))

    return buyers, {"orders": of(np.ones(len(days))), "value": of(money)}


def trial(data, cutoff):
    buyers, now = at(data, cutoff)
    _, lead = at(data, cutoff - 60)
    ones = np.ones(len(buyers.x))
    again = buyers.x > 0
    histories = Histories(buyers.x, buyers.t_x, buyers.T, ones)
    return Trial(f"day {cutoff}", 60.0, histories, RepeatSpend(buyers.x[again], buyers.mean_spend[again], ones[again]), buyers, now, lead)


def test_in_a_world_of_its_own_making_the_model_beats_every_baseline_and_is_published():
    """Rates, leaving and spend differ from person to person as the models say: the contest is won honestly, at both cut-offs."""
    data = brand()
    trials = [trial(data, 240), trial(data, 300)]
    judged = judge(trials[1].histories, trials[1].spend, trials)
    assert {(each.model, each.cutoff, each.target) for each in judged.scores} == {
        (model, f"day {day}", target) for model in ("bg_nbd", "mbg_nbd") for day in (240, 300) for target in ("orders", "value")
    }
    assert judged.published == "bg_nbd" and judged.why_not is None, judged.why_not
    value = [each for each in judged.scores if (each.model, each.metric, each.target) == ("bg_nbd", "mae", "value")]
    assert {each.baseline for each in value if each.beats} == {"cohort_mean", "last_period", "rfm_cell_mean"}
    assert {each.baseline for each in value if each.beats is None} == {"same_phase_last_year"}, "the brand is not a year old"
    found = predict_published(judged, trials[1].buyers)
    assert found.orders.shape == found.value.shape == (4, len(trials[1].buyers.x))
    assert (np.diff(found.orders, axis=0) >= -1e-9).all() and (np.diff(found.value, axis=0) >= -1e-6).all()
    assert (predict_published(judged, trials[1].buyers, 0.1).value[-1] < found.value[-1]).all()
    assert {each.model for each in estimates(judged)} == {"bg_nbd", "mbg_nbd", "gamma_gamma"}


def test_when_the_world_changes_after_a_cut_off_no_model_is_published():
    """From day 300 on nine of ten purchases fail to come: a fit on the past promises far too much, and is refused for it."""
    born, owner, days, money = brand()
    kept = (days < 300) | (np.random.Generator(np.random.PCG64(1)).random(len(days)) < 0.1)
    data = born, owner[kept], days[kept], money[kept]
    trials = [trial(data, 240), trial(data, 300)]
    judged = judge(trials[1].histories, trials[1].spend, trials)
    assert judged.published is None and "at day 300" in judged.why_not
    assert predict_published(judged, trials[1].buyers) is None
    assert len(estimates(judged)) == 11, "the parameters are told all the same"


def test_too_few_repeat_buyers_leave_a_reason_and_no_prediction():
    few = Histories(np.array([0.0, 1.0]), np.array([0.0, 5.0]), np.array([9.0, 9.0]), np.array([90.0, 9.0]))
    judged = judge(few, RepeatSpend(np.array([1.0]), np.array([30.0]), np.array([9.0])), [])
    assert judged.published is None
    assert "9 repeat buyers, fewer than 100" in judged.why_not
    assert predict_published(judged, Buyers(*(np.ones(1),) * 5)) is None


def test_spend_that_goes_with_frequency_is_refused_and_orders_are_still_scored():
    data = brand()
    good = trial(data, 300)
    tied = RepeatSpend(good.spend.x, good.spend.x * 10.0 + 1, good.spend.count)
    spoiled = [Trial(**{**vars(each), "spend": tied}) for each in (trial(data, 240), good)]
    judged = judge(good.histories, tied, spoiled, ("bg_nbd",))
    assert {each.target for each in judged.scores} == {"orders"}
    assert "independent" in judged.why_not
