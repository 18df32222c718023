"""Lifetime value between the two dbt stretches: purchase histories in; back-test, predictions and parameters out, as columns.

Here: which statistics the fits read and how their results become tables. Not here: numerics (analytics/lifetime), files, Dagster.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from orchestration.analytics.lifetime import Estimate, Judged, estimates, judge, predict_published
from orchestration.defs import analytics_arrays as arrays
from orchestration.defs.analytics_files import HORIZON_DAYS, TABLES

if TYPE_CHECKING:
    from orchestration.defs.analytics import Told


def lifetime_tables(read: arrays.Read, told: Told, discount_rate: float = 0.0) -> dict[str, dict[str, Any]]:
    """Columns of `ltv_backtest`, `customer_predictions` and `lifetime_parameters`; `discount_rate` a year. The outcome is told."""
    cutoffs = read("select * from intermediate.int_fit_cutoffs order by role, cutoff_on, side").to_pylist()
    day = {role: next((each["cutoff_on"] for each in cutoffs if each["role"] == role), None) for role in ("fit", "score")}
    lead = {each["side"]: each["cutoff_on"] for each in cutoffs if each["role"] == "lead"}
    trials = {str(each["cutoff_on"]): each for each in cutoffs if each["role"] == "backtest"}
    if day["fit"] is None:
        told.say("lifetime", "nobody has bought yet", {}, 0)
        return {"ltv_backtest": {}, "customer_predictions": {}, "lifetime_parameters": {}}
    tried = [arrays.trial_at(read, each["cutoff_on"], lead[each["side"]], each["horizon_days"]) for each in trials.values()]
    histories = arrays.histories_at(read, day["fit"])
    judged = judge(histories, arrays.spend_at(read, day["fit"]), tried)
    found = estimates(judged)
    told.say("lifetime", judged.why_not, {f"{each.model}.{each.parameter}": each.value for each in found}, histories.count.sum())
    return {
        "ltv_backtest": _scores(judged, trials),
        "customer_predictions": _predictions(judged, arrays.customers_at(read, day["score"]), discount_rate),
        "lifetime_parameters": _parameters(judged, found, histories.count.sum(), day["fit"]),
    }


def _parameters(judged: Judged, found: list[Estimate], customers: float, fit_until: Any) -> dict[str, list]:
    used = (judged.published, "gamma_gamma") if judged.published else ()
    rows = [
        {"model": each.model, "parameter": each.parameter, "value": each.value, "standard_error": each.standard_error,
         "log_likelihood": each.log_likelihood, "customers": int(customers), "fit_until": fit_until, "is_published": each.model in used,
         "why_null": judged.refused.get(each.model) or (None if each.model in used else judged.why_not or "another model erred less")}
        for each in found
    ]  # fmt: skip
    return {name: [row[name] for row in rows] for name in TABLES["lifetime_parameters"].names}


def _scores(judged: Judged, trials: dict[str, dict[str, Any]]) -> dict[str, list]:
    rows = [
        {"model": each.model, **{name: trials[each.cutoff][name] for name in ("cutoff_on", "promo", "side", "horizon_days")},
         "target": each.target, "metric": each.metric, "value": each.value, "baseline": each.baseline,
         "baseline_value": each.baseline_value, "beats_baseline": each.beats, "why_null": each.why_null}
        for each in judged.scores
    ]  # fmt: skip
    return {name: [row[name] for row in rows] for name in TABLES["ltv_backtest"].names}


def _predictions(judged: Judged, customers: pa.Table, discount_rate: float) -> dict[str, Any]:
    found = predict_published(judged, arrays.buyers_of(customers), discount_rate)
    if found is None:
        return {}
    return {
        "customer_id": customers["customer_id"].combine_chunks(), "p_alive": found.p_alive,
        "order_probability_365d": found.order_probability,
        **{f"predicted_orders_{days}d": orders for days, orders in zip(HORIZON_DAYS, found.orders, strict=True)},
        **{f"predicted_{days}d_cny": value for days, value in zip(HORIZON_DAYS, found.value, strict=True)},
        "predicted_low_cny": found.low, "predicted_high_cny": found.high,
        "discount_rate": np.full(customers.num_rows, discount_rate),
        "prediction_model": pa.repeat(f"{judged.published} and gamma_gamma", customers.num_rows),
    }  # fmt: skip
