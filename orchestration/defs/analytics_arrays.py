"""From the warehouse's sufficient statistics to the arrays that `analytics/` takes.

Here: queries in a total order (so that sums are the same bits every time) and columns as NumPy arrays. Not here: numerics.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from orchestration.analytics.backtest import Known
from orchestration.analytics.lifetime import RepeatSpend, Trial
from orchestration.analytics.markov import Journeys
from orchestration.analytics.predict import Buyers
from orchestration.analytics.purchases import Histories

Read = Callable[[str], pa.Table]
STEP = " > "


def journeys_of(counts: pa.Table, value: np.ndarray | None = None) -> tuple[list[str], Journeys]:
    """Channel names, sorted, and the journeys of one stratum (columns path, conversions, nulls); `value` in place of conversions."""
    split = pc.split_pattern(counts["path"].combine_chunks(), STEP)
    names = sorted(pc.unique(split.flatten()).to_pylist())
    steps = pc.index_in(split.flatten(), pa.array(names, pa.string())).to_numpy(zero_copy_only=False).astype(np.int64)
    starts = np.append(0, np.cumsum(pc.list_value_length(split).to_numpy(zero_copy_only=False))).astype(np.int64)
    conversions = real(counts, "conversions") if value is None else value
    return names, Journeys(len(names), steps, starts, conversions, real(counts, "nulls"))


def histories_at(read: Read, cutoff: date) -> Histories:
    """Grouped purchase histories on a cut-off day."""
    found = read(f"""
        select repeats, last_repeat_days, observed_days, customers from intermediate.int_purchase_groups
        where cutoff_on = date '{cutoff}' order by all""")
    return Histories(*(real(found, name) for name in ("repeats", "last_repeat_days", "observed_days", "customers")))


def spend_at(read: Read, cutoff: date) -> RepeatSpend:
    """Grouped means of repeat spend on a cut-off day."""
    found = read(f"""
        select valued_repeats, mean_cny, customers from intermediate.int_repeat_spend
        where cutoff_on = date '{cutoff}' order by all""")
    return RepeatSpend(*(real(found, name) for name in ("valued_repeats", "mean_cny", "customers")))


def customers_at(read: Read, cutoff: date) -> pa.Table:
    """Every buyer on a cut-off day, sorted by id."""
    return read(f"select * from intermediate.int_purchase_histories where cutoff_on = date '{cutoff}' order by customer_id")


def buyers_of(customers: pa.Table) -> Buyers:
    """What predictions need of each customer."""
    valued, spent = real(customers, "valued_repeats"), real(customers, "repeat_cny")
    mean = np.divide(spent, valued, out=np.zeros(len(valued)), where=valued > 0)
    known = np.where(mean > 0, valued, 0.0)  # a mean at or below zero is outside of the spend model: the population's mean stands in
    return Buyers(*(real(customers, name) for name in ("repeats", "last_repeat_days", "observed_days")), known, mean)


def known_of(customers: pa.Table, unit: str) -> Known:
    """What naive baselines need of each customer; `unit` is orders or cny."""
    age, last = real(customers, "observed_days"), real(customers, "last_repeat_days")
    amounts = (real(customers, f"{name}_{unit}") for name in ("last_period", "next_period", "last_year"))
    return Known(real(customers, "repeats"), age - last, age, *amounts)


def trial_at(read: Read, cutoff: date, lead: date, horizon: int) -> Trial:
    """All of one back-test: the fit's data and the customers at the cut-off, and the customers one horizon earlier."""
    now, then = customers_at(read, cutoff), customers_at(read, lead)
    of_now, of_lead = ({"orders": known_of(each, "orders"), "value": known_of(each, "cny")} for each in (now, then))
    return Trial(str(cutoff), float(horizon), histories_at(read, cutoff), spend_at(read, cutoff), buyers_of(now), of_now, of_lead)


def real(table: pa.Table, name: str) -> np.ndarray:
    """A column as float[n]; NULL as 0."""
    return pc.fill_null(pc.cast(table[name], pa.float64()), 0.0).to_numpy()
