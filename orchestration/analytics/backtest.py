"""Whether a prediction may be published: its errors on a known past beside those of naive baselines, and the verdict.

Belongs here: baselines, metrics, the rule. Does not: the models themselves (purchases, spend, predict).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

METRICS = ("bias", "mae", "decile_error", "gini")
MOST_BIAS = 0.25  # a total that is off by more than a quarter misleads whoever sums it, however well customers are ranked
FEWEST_CUTOFFS = 2
FEWEST_BASELINES = 2  # the last period alone is easily beaten: somebody must have learnt from a past before the cut-off
RFM_PARTS = 5


@dataclass(frozen=True)
class Known:
    """Customers on one cut-off day, all float[n]: `repeats`, `recency` (days since the last purchase), `age` (days since the
    first), what the last and the next horizon and the same phase of last year brought (any unit: orders or yuan)."""

    repeats: np.ndarray
    recency: np.ndarray
    age: np.ndarray
    last_period: np.ndarray
    next_period: np.ndarray
    last_year: np.ndarray


@dataclass(frozen=True)
class Score:
    """One metric of a model at one cut-off beside one baseline; `baseline_value` None where the baseline cannot be had, and why."""

    model: str
    cutoff: str
    target: str
    metric: str
    value: float
    baseline: str
    baseline_value: float | None
    beats: bool | None
    why_null: str | None = None


def baselines(now: Known, lead: Known) -> dict[str, np.ndarray | str]:
    """What a person would guess without a model, float[n] per customer of `now`; a text where a guess cannot be had.

    `lead` is the same one horizon earlier: cohort mean (customers then of the same age in months), RFM cell mean (customers then in
    the same cell of recency, frequency and last spend, quintiles), last period again, the same phase of last year.
    """
    guesses: dict[str, np.ndarray | str] = {"last_period": now.last_period}
    if len(lead.age):
        overall = float(lead.next_period.mean())
        months = [np.minimum(each.age // 30, 24).astype(int) for each in (lead, now)]
        guesses["cohort_mean"] = _cell_mean(months[0], lead.next_period, months[1], overall)
        guesses["rfm_cell_mean"] = _cell_mean(_cells(lead, lead), lead.next_period, _cells(now, lead), overall)
    else:
        guesses |= dict.fromkeys(("cohort_mean", "rfm_cell_mean"), "nobody had bought one horizon earlier")
    old = now.age >= 365
    if old.any():
        guesses["same_phase_last_year"] = np.full(len(now.age), float(now.last_year[old].mean()))
    else:
        guesses["same_phase_last_year"] = "no customer is a year old on this day"
    return guesses


def measure(predicted: np.ndarray, actual: np.ndarray) -> dict[str, float]:
    """`bias`: (Σ predicted - Σ actual) ÷ Σ actual; `mae`: mean absolute error; `decile_error`: mean |predicted - actual| of the means
    of ten equal parts by prediction, in units of the actual mean; `gini`: how well the order is found, 1 like the actual one, 0 like
    chance (concentration of actual over the rank of predicted, ties at their mean rank; Lerman, Yitzhaki 1984). NaN without actuals."""
    total = actual.sum()
    if not len(actual) or total <= 0:
        return dict.fromkeys(METRICS, float("nan"))
    order = np.argsort(predicted, kind="stable")
    parts = [part for part in np.array_split(order, 10) if len(part)]
    apart = [abs(predicted[part].mean() - actual[part].mean()) for part in parts]
    own = _concentration(actual, actual)
    return {
        "bias": float((predicted.sum() - total) / total),
        "mae": float(np.abs(predicted - actual).mean()),
        "decile_error": float(np.mean(apart) / actual.mean()),
        "gini": float(_concentration(actual, predicted) / own) if own > 0 else float("nan"),
    }


def score(
    model: str, cutoff: str, target: str, predicted: np.ndarray, actual: np.ndarray, guesses: Mapping[str, np.ndarray | str]
) -> list[Score]:
    """Every metric beside every baseline; a model beats a baseline with a smaller error (bias without its sign) or a larger Gini."""
    own, scores = measure(predicted, actual), []
    for name, guess in sorted(guesses.items()):
        theirs = None if isinstance(guess, str) else measure(guess, actual)
        why = guess if isinstance(guess, str) else None
        for metric in METRICS:
            value = own[metric]
            if theirs is None or np.isnan(value) or np.isnan(theirs[metric]):
                why_null = why or "nothing was bought in the horizon"
                scores.append(Score(model, cutoff, target, metric, value, name, None, None, why_null))
                continue
            other = theirs[metric]
            beats = value > other if metric == "gini" else abs(value) < abs(other)
            scores.append(Score(model, cutoff, target, metric, value, name, other, bool(beats)))
    return scores


def verdict(scores: Sequence[Score], model: str, target: str = "value") -> str | None:
    """Why the model may not be published, or None if it earned it: at every one of at least two cut-offs its mean absolute error is
    below that of every baseline (two at least), and its total within 25 % of the actual one."""
    own = [each for each in scores if each.model == model and each.target == target]
    cutoffs = sorted({each.cutoff for each in own})
    if len(cutoffs) < FEWEST_CUTOFFS:
        return f"tried at {len(cutoffs)} cut-offs, {FEWEST_CUTOFFS} are needed"
    for cutoff in cutoffs:
        here = [each for each in own if each.cutoff == cutoff]
        bias = next(each.value for each in here if each.metric == "bias")
        if np.isnan(bias):
            return f"nothing was bought in the horizon after {cutoff}"
        errors = [each for each in here if each.metric == "mae" and each.baseline_value is not None]
        if len(errors) < FEWEST_BASELINES:
            return f"{len(errors)} baselines to compare with at {cutoff}, {FEWEST_BASELINES} are needed"
        best = min(errors, key=lambda each: (each.baseline_value, each.baseline))
        if not best.beats:
            return f"loses to {best.baseline} at {cutoff}: mean absolute error {best.value:.2f} against {best.baseline_value:.2f}"
        if abs(bias) > MOST_BIAS:
            return f"off by {bias:+.0%} in total at {cutoff}, more than {MOST_BIAS:.0%}"
    return None


def _cells(of: Known, borders: Known) -> np.ndarray:
    """int[n]: the RFM cell by quintiles of recency and last spend of `borders`, and repeats 0, 1, 2, 3, 4 and more."""
    inner = np.linspace(0, 1, RFM_PARTS + 1)[1:-1]
    recency = np.searchsorted(np.quantile(borders.recency, inner), of.recency)
    spent = np.searchsorted(np.quantile(borders.last_period, inner), of.last_period)
    return (recency * RFM_PARTS + spent) * RFM_PARTS + np.minimum(of.repeats, RFM_PARTS - 1).astype(int)


def _cell_mean(cell: np.ndarray, value: np.ndarray, wanted: np.ndarray, otherwise: float) -> np.ndarray:
    size = int(max(cell.max(initial=0), wanted.max(initial=0))) + 1
    count, total = np.bincount(cell, minlength=size), np.bincount(cell, value, size)
    return np.where(count > 0, total / np.maximum(count, 1), otherwise)[wanted]


def _concentration(actual: np.ndarray, by: np.ndarray) -> float:
    """Covariance of the amounts with the fractional rank of `by`, doubled and in units of the mean."""
    _, cell, count = np.unique(by, return_inverse=True, return_counts=True)
    rank = (np.cumsum(count) - (count - 1) / 2)[cell] / len(by)  # ties share their mean rank
    return float(2 * np.mean((actual - actual.mean()) * (rank - rank.mean())) / actual.mean())
