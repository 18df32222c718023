"""The way from purchase histories to a published prediction: fit, try on the past, judge, and only then score.

Belongs here: the order of these steps and what is said when one of them fails. Does not: formulas (purchases, spend), the rule (backtest).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import get_args

import numpy as np

from orchestration.analytics.backtest import Known, Score, baselines, score, verdict
from orchestration.analytics.maximum import NotFitted
from orchestration.analytics.predict import Buyers, Prediction, expected_orders, predict
from orchestration.analytics.purchases import Histories, Model, PurchaseFit, fit_purchases
from orchestration.analytics.spend import SpendFit, expected_spend, fit_spend

MODELS: tuple[Model, ...] = get_args(Model)
HORIZONS = (30.0, 90.0, 180.0, 365.0)


@dataclass(frozen=True)
class RepeatSpend:
    """Mean values of repeat purchases, grouped, all float[n]: `x` ≥ 1 purchases, `mean` > 0 yuan, `count` customers."""

    x: np.ndarray
    mean: np.ndarray
    count: np.ndarray


@dataclass(frozen=True)
class Trial:
    """One cut-off of a back-test: what a fit may see, the customers then, and (by target, orders and value) what they had
    bought and then bought, and the same of the customers one horizon earlier."""

    cutoff: str
    horizon: float
    histories: Histories
    spend: RepeatSpend
    buyers: Buyers
    now: dict[str, Known]
    lead: dict[str, Known]


@dataclass
class Judged:
    """What became of every model: its fits on all data (None: why not in `refused`), its scores, why it is not published."""

    purchases: dict[str, PurchaseFit] = field(default_factory=dict)
    spend: SpendFit | None = None
    scores: list[Score] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)

    @property
    def published(self) -> str | None:
        """The model that may be published, None if none earned it; of several the one with the least error over all cut-offs."""
        earned = [model for model in self.purchases if model not in self.refused]
        return min(earned, key=lambda model: (self._error(model), model), default=None)

    @property
    def why_not(self) -> str | None:
        """The reasons of all models in one line, None if one is published."""
        if self.published:
            return None
        return "; ".join(f"{model} {why}" for model, why in sorted(self.refused.items())) or "no model was tried"

    def _error(self, model: str) -> float:
        errors = {each.cutoff: each.value for each in self.scores if (each.model, each.metric, each.target) == (model, "mae", "value")}
        return sum(errors.values())


def judge(histories: Histories, spend: RepeatSpend, trials: Sequence[Trial], models: Sequence[Model] = MODELS) -> Judged:
    """Fit every model on all histories, try it at every cut-off, and say which may be published."""
    judged = Judged()
    for model in models:
        try:
            failed = None
            for trial in trials:
                scores, why = _try(trial, model)
                judged.scores += scores
                failed = failed or why
            judged.purchases[model] = fit_purchases(histories, model)
            judged.spend = judged.spend or fit_spend(spend.x, spend.mean, spend.count)
        except NotFitted as reason:
            judged.refused[model] = f"could not be fitted: {reason}"
            continue
        if why := failed or verdict(judged.scores, model):
            judged.refused[model] = why
    return judged


def predict_published(judged: Judged, buyers: Buyers, discount_rate: float = 0.0) -> Prediction | None:
    """The predictions of the published model over `HORIZONS`, None without one."""
    if judged.published is None or judged.spend is None:
        return None
    return predict(judged.purchases[judged.published], judged.spend, buyers, HORIZONS, discount_rate)


def _try(trial: Trial, model: Model) -> tuple[list[Score], str | None]:
    """Fit on what was known at the cut-off and score it; without a spend fit orders alone are scored, and the reason is given."""
    purchases = fit_purchases(trial.histories, model)
    orders = expected_orders(purchases, trial.buyers, trial.horizon)
    now, lead = trial.now, trial.lead
    scores = score(model, trial.cutoff, "orders", orders, now["orders"].next_period, baselines(now["orders"], lead["orders"]))
    try:
        spend = fit_spend(trial.spend.x, trial.spend.mean, trial.spend.count)
    except NotFitted as reason:
        return scores, f"could not be fitted at {trial.cutoff}: {reason}"
    value = orders * expected_spend(spend, trial.buyers.valued, trial.buyers.mean_spend)
    return scores + score(model, trial.cutoff, "value", value, now["value"].next_period, baselines(now["value"], lead["value"])), None


@dataclass(frozen=True)
class Estimate:
    """One fitted parameter with its standard error, and the log-likelihood of its fit."""

    model: str
    parameter: str
    value: float
    standard_error: float
    log_likelihood: float


def estimates(judged: Judged) -> list[Estimate]:
    """Every fitted parameter, for people to read, runs to compare, and the tiers to apply."""
    fits = [(model, ("r", "alpha", "a", "b"), fit) for model, fit in judged.purchases.items()]
    if judged.spend is not None:
        fits.append(("gamma_gamma", ("p", "q", "gamma"), judged.spend))
    return [
        Estimate(model, name, float(value), float(error), fit.log_likelihood)
        for model, names, fit in fits
        for name, value, error in zip(names, fit.parameters, fit.standard_errors, strict=True)
    ]
