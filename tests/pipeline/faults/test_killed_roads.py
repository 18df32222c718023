"""The whole road killed -9 in every stretch, its disk full while dbt builds, its warehouse cut, its rooms lost: the next run gives the
tables of a good day."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable

from builders.faults import FullDisk
from pipeline_lake import remove, tables

from orchestration.cli.app import call
from orchestration.lake.build_marks import read_mark
from orchestration.lake.layout import Lake
from orchestration.lake.releases import list_versions

SEED = 20261001
RUN = [sys.executable, "-c", "import sys; sys.argv = ['fishpond', 'run']; from orchestration.cli import main; main()"]
PATIENCE = 120.0  # seconds
LITTLE = 12 << 20  # bytes: more than any file of the road but the warehouse


def test_everything_but_landing_may_be_lost_and_every_stretch_be_killed(lake: Lake, good_tables: dict[str, str]) -> None:
    remove(lake.bronze, lake.quarantine, lake.warehouse_dir, lake.published)
    moment = random.Random(SEED)
    for there in (lambda: landed(lake), lambda: began(lake), lambda: began(lake) and canonical(lake)):
        kill_when(there, later=moment.uniform(0.0, 1.5))
        assert list_versions(lake) == []
    os.truncate(lake.warehouse, lake.warehouse.stat().st_size // 3)
    shutil.rmtree(lake.dagster_home)  # its records of three killed runs would meet the limit before the warehouse does
    stopped = subprocess.run(RUN, env=dict(os.environ), preexec_fn=FullDisk(LITTLE), capture_output=True, text=True, check=False)
    assert stopped.returncode == 3 and "the disk is full" in stopped.stderr and "Traceback" not in stopped.stderr, stopped.stderr
    assert list_versions(lake) == [] and not read_mark(lake).ended, "it stopped while dbt built"
    assert call(["run"]) == 0
    assert tables(lake.root) == good_tables
    assert list(lake.work.iterdir()) == []


def landed(lake: Lake) -> bool:
    return len(list(lake.bronze.glob("*/*/*.parquet"))) > 10


def began(lake: Lake) -> bool:
    mark = read_mark(lake)
    return mark is not None and not mark.ended


def canonical(lake: Lake) -> bool:
    mark = read_mark(lake)
    return mark is not None and bool(mark.canonical_by)


def kill_when(is_there: Callable[[], bool], later: float) -> None:
    """Start `fishpond run` in a process of its own and kill it -9 a random moment after something can be seen."""
    process = subprocess.Popen(RUN, env=dict(os.environ), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
    until = time.monotonic() + PATIENCE
    while not is_there() and process.poll() is None and time.monotonic() < until:
        signal.sigtimedwait([], 0.05)
    signal.sigtimedwait([], later)
    assert process.poll() is None, "the run ended before it could be killed"
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
