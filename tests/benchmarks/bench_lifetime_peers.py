"""Our BG/NBD fit beside `lifetimes` and `pymc-marketing` (MAP) on the same 100,000 simulated customers: time, memory, likelihood reached.

Every library runs in a process of its own, so that memory is its own; all likelihoods are computed by one formula.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
from conftest import Bench, Line

from orchestration.analytics.purchases import Histories, log_likelihood
from tests.benchmarks.lifetime_peers import PEERS
from tests.builders.lifetime_world import TRUE, simulated

CUSTOMERS = 100_000
ROOT = Path(__file__).parents[2]


def test_no_peer_is_faster_smaller_or_finds_a_better_fit(bench: Bench) -> None:
    buyers = simulated(CUSTOMERS)
    histories = Histories(buyers.x, buyers.t_x, buyers.T, np.ones(CUSTOMERS))
    found = {name: fitted(name) for name in PEERS}
    print(f"\n{CUSTOMERS:,} customers, true r, alpha, a, b: {TRUE}, log-likelihood of the truth {log_likelihood(TRUE, histories):,.2f}")
    for name, each in found.items():
        bench.told(Line(f"BG/NBD fit of {CUSTOMERS:,} customers", name, each["seconds"], each["processor_seconds"], each["peak_mb"]))
        each["log_likelihood"] = log_likelihood(np.array(each["parameters"]), histories)
        print(
            f"  {name:<15} {each['processor_seconds']:7.2f} s of processor ({each['seconds']:.2f} s), {each['peak_mb']:5.0f} MB "
            f"({each['peak_mb'] - each['before_mb']:.0f} MB by the fit), log-likelihood {each['log_likelihood']:,.4f}, "
            f"{np.round(each['parameters'], 4)}"
        )
    ours = found.pop("fishpond")
    for name, theirs in found.items():
        assert ours["log_likelihood"] >= theirs["log_likelihood"] - 1e-3, name
        assert ours["processor_seconds"] < theirs["processor_seconds"], name
        assert ours["peak_mb"] < theirs["peak_mb"], name


def fitted(name: str) -> dict:
    command = [sys.executable, "-W", "ignore", "-m", "tests.benchmarks.lifetime_peers", name, str(CUSTOMERS)]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=1_800, check=True)
    return json.loads(run.stdout.splitlines()[-1])
