"""How long lifetime fits and predictions take: simulated brands of 100,000 and 1,000,000 customers, parameters known.

Fit (BG/NBD and gamma-gamma on grouped histories) and scoring (four horizons, P(alive), value with its interval) are timed apart.
"""

from __future__ import annotations

import time

import numpy as np
import pytest
from conftest import Bench, Line

from orchestration.analytics.predict import distinct_histories, predict
from orchestration.analytics.purchases import Histories, fit_purchases
from orchestration.analytics.spend import fit_spend
from tests.builders.lifetime_world import TRUE, simulated

HORIZONS = (30.0, 90.0, 180.0, 365.0)
SECONDS_FOR_A_MILLION = 30


@pytest.mark.parametrize("customers", [100_000, 1_000_000])
def test_fit_and_score(customers: int, bench: Bench) -> None:
    buyers = simulated(customers)
    started = time.perf_counter()
    x, t_x, T, group = distinct_histories(buyers.x, buyers.t_x, buyers.T)
    purchases = fit_purchases(Histories(x, t_x, T, np.bincount(group).astype(float)))
    again = buyers.valued > 0
    spend = fit_spend(buyers.valued[again], buyers.mean_spend[again])
    fitted = time.perf_counter()
    found = predict(purchases, spend, buyers, HORIZONS)
    scored = time.perf_counter()
    print(
        f"\n{customers:>9,} customers, {len(x):,} distinct histories: fit {fitted - started:.1f} s, score {scored - fitted:.1f} s; "
        f"r {purchases.r:.3f} alpha {purchases.alpha:.1f} a {purchases.a:.3f} b {purchases.b:.3f} (true {TRUE}), "
        f"log-likelihood {purchases.log_likelihood:,.1f}; {found.orders[-1].sum():,.0f} orders in the next year"
    )
    bench.told(Line(f"lifetime of {customers:,} customers: fit", "Fishpond", fitted - started))
    bench.told(Line(f"lifetime of {customers:,} customers: score four horizons", "Fishpond", scored - fitted))
    assert scored - started < SECONDS_FOR_A_MILLION
