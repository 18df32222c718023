"""Fits one simulated brand with one library, in a process of its own: `python -m tests.benchmarks.lifetime_peers NAME CUSTOMERS`.

Prints a line of JSON: seconds of the fit alone, by the clock and of processor time (imports and simulation are not counted; compiling
the model is, with the compilers it calls), peak memory of the process and that before the fit in MB, and r, alpha (days), a, b.
"""

from __future__ import annotations

import json
import re
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from orchestration.analytics.predict import Buyers, distinct_histories
from orchestration.analytics.purchases import Histories, fit_purchases
from tests.builders.lifetime_world import simulated


def fishpond(buyers: Buyers) -> Callable[[], list[float]]:
    def fit() -> list[float]:
        x, t_x, T, group = distinct_histories(buyers.x, buyers.t_x, buyers.T)
        return fit_purchases(Histories(x, t_x, T, np.bincount(group).astype(float))).parameters.tolist()

    return fit


def lifetimes(buyers: Buyers) -> Callable[[], list[float]]:
    from lifetimes import BetaGeoFitter

    def fit() -> list[float]:
        model = BetaGeoFitter(penalizer_coef=0.0).fit(buyers.x, buyers.t_x, buyers.T)
        return [float(model.params_[name]) for name in ("r", "alpha", "a", "b")]

    return fit


def pymc_marketing(buyers: Buyers) -> Callable[[], list[float]]:
    import pandas as pd
    from pymc_marketing.clv import BetaGeoModel

    data = pd.DataFrame({"customer_id": np.arange(len(buyers.x)), "frequency": buyers.x, "recency": buyers.t_x, "T": buyers.T})

    def fit() -> list[float]:
        model = BetaGeoModel(data=data)
        model.fit(method="map", progressbar=False)
        point = model.idata.posterior
        return [float(point[name].mean()) for name in ("r", "alpha", "a", "b")]

    return fit


PEERS = {"fishpond": fishpond, "lifetimes": lifetimes, "pymc-marketing": pymc_marketing}


def main(name: str, customers: int) -> None:
    fit = PEERS[name](simulated(customers))
    before, started, used = _peak(), time.perf_counter(), _processor()
    parameters = fit()
    told = {"seconds": time.perf_counter() - started, "processor_seconds": _processor() - used}
    print(json.dumps({**told, "before_mb": before, "peak_mb": _peak(), "parameters": parameters}))


def _peak() -> float:
    """MB; of this program alone: what getrusage tells begins with the peak of the process that started it."""
    return int(re.search(r"VmHWM:\s+(\d+)", Path("/proc/self/status").read_text())[1]) / 1024


def _processor() -> float:
    return sum(used.ru_utime + used.ru_stime for used in map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
