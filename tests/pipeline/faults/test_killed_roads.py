"""Files that come in shuffled portions while runs are killed -9, cut off or stopped by a full disk: the run that is left alone, and the
one that goes on from it with what came last, give the tables of a good day, on which everything came at once and nothing broke."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from builders.faults import FullDisk
from pipeline_lake import tables

from orchestration.cli.app import call
from orchestration.lake import news
from orchestration.lake.build_marks import read_mark
from orchestration.lake.landing import delivered_files
from orchestration.lake.layout import Lake
from orchestration.lake.releases import list_versions

SEED = 20261001
RUN = [sys.executable, "-c", "import sys; sys.argv = ['fishpond', 'run']; from orchestration.cli import main; main()"]
LATE = 24  # files that come after the first build that nobody disturbed
PATIENCE = 300.0  # seconds, on the slowest machine
LITTLE = 12 << 20  # bytes: more than any file of the road but the warehouse


def test_in_any_order_and_after_any_death_the_tables_are_those_of_a_good_day(
    delivered: Lake, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], request: pytest.FixtureRequest
) -> None:
    lake, moment = delivered, random.Random(SEED)
    files, aside = delivered_files(lake), lake.root.with_name("aside")
    moment.shuffle(files)
    files.sort(key=lambda file: "rulings" not in file.parts)  # after a ruling everything is computed
    move(files, lake.landing, aside)
    assert call(["prepare"]) == 0
    first, second = len(files) // 2, len(files) * 3 // 4

    arrive(files[:first], lake, aside)
    kill_when(lambda: landed(lake), later=moment.uniform(0.0, 1.0))
    arrive(files[first:second], lake, aside)
    kill_when(lambda: began(lake), later=moment.uniform(0.0, 1.5))
    os.truncate(lake.warehouse, lake.warehouse.stat().st_size // 3)
    arrive(files[second:-LATE], lake, aside)
    shutil.rmtree(lake.dagster_home)  # its records of killed runs would meet the limit before the warehouse does
    stopped = subprocess.run(RUN, env=dict(os.environ), preexec_fn=FullDisk(LITTLE), capture_output=True, text=True, check=False)
    assert stopped.returncode == 3 and "the disk is full" in stopped.stderr and "Traceback" not in stopped.stderr, stopped.stderr
    assert list_versions(lake) == [] and not read_mark(lake).ended, "it stopped while dbt built"

    assert call(["run"]) == 0
    monkeypatch.setattr(news, "LEAST_BYTES", 0)
    monkeypatch.setattr(news, "MOST_NEWS", 1)
    arrive(files[-LATE:], lake, aside)  # late orders, refunds of old ones, lists, merges
    capsys.readouterr()
    assert call(["run"]) == 0
    assert f"goes on from the standing build: {LATE} deliveries came" in " ".join(capsys.readouterr().out.split())
    found = tables(lake.root)
    assert list(lake.work.iterdir()) == []
    assert found == request.getfixturevalue("good_tables")  # only now: whoever asks first walks that road, in this very lake


def move(files: Sequence[Path], source: Path, target: Path) -> None:
    for path in files:
        place = target / path.relative_to(source)
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.move(path, place)


def arrive(files: Sequence[Path], lake: Lake, aside: Path) -> None:
    move([aside / path.relative_to(lake.landing) for path in files], aside, lake.landing)


def landed(lake: Lake) -> bool:
    return len(list(lake.bronze.glob("*/*/*.parquet"))) > 10


def began(lake: Lake) -> bool:
    mark = read_mark(lake)
    return mark is not None and not mark.ended


def kill_when(is_there: Callable[[], bool], later: float) -> None:
    """Start `fishpond run` in a process of its own and kill it -9 a random moment after something can be seen; nothing is published."""
    process = subprocess.Popen(RUN, env=dict(os.environ), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
    until = time.monotonic() + PATIENCE
    while not is_there() and process.poll() is None and time.monotonic() < until:
        signal.sigtimedwait([], 0.05)
    signal.sigtimedwait([], later)
    assert process.poll() is None, "the run ended before it could be killed"
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
