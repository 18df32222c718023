"""The same landing gives the same tables: in whatever order files come, and after whatever kills."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from pipeline_lake import remove, tables
from rich.console import Console

from orchestration.cli.app import call
from orchestration.cli.execute import execute_job
from orchestration.lake.build_marks import drop_warehouse, read_mark
from orchestration.lake.landing import delivered_files
from orchestration.lake.layout import Lake
from orchestration.lake.releases import list_versions

SEED = 20261001
RUN = [sys.executable, "-c", "import sys; sys.argv = ['fishpond', 'run']; from orchestration.cli import main; main()"]
PATIENCE = 120.0


def test_files_in_shuffled_portions_give_the_tables_of_one_delivery(lake: Lake, good_tables: dict[str, str]) -> None:
    files = delivered_files(lake)
    random.Random(SEED).shuffle(files)
    aside = lake.root.with_name("aside")
    _move(files, lake.landing, aside)
    remove(lake.bronze, lake.quarantine, lake.fences, lake.published)
    drop_warehouse(lake)
    for portion in (files[:1], files[1 : len(files) // 2]):
        _move(_under(portion, lake.landing, aside), aside, lake.landing)
        execute_job(Console(quiet=True), lake, "land")
    _move(_under(files[len(files) // 2 :], lake.landing, aside), aside, lake.landing)
    assert call(["run"]) == 0
    assert tables(lake.root) == good_tables


def test_everything_but_landing_may_be_lost_and_the_run_after_may_be_killed(lake: Lake, good_tables: dict[str, str]) -> None:
    remove(lake.bronze, lake.quarantine, lake.warehouse_dir, lake.published)
    _kill_when(lambda: _began(lake), later=random.Random(SEED).uniform(0.0, 5.0))
    assert list_versions(lake) == []
    assert call(["run"]) == 0
    assert tables(lake.root) == good_tables


def _began(lake: Lake) -> bool:
    mark = read_mark(lake)
    return mark is not None and not mark.ended


def _kill_when(is_there: Callable[[], bool], later: float) -> None:
    """Start `fishpond run` in a process of its own and kill it -9 a random moment after something can be seen."""
    process = subprocess.Popen(RUN, env=dict(os.environ), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
    until = time.monotonic() + PATIENCE
    while not is_there() and process.poll() is None and time.monotonic() < until:
        _wait_for(0.05)
    _wait_for(later)
    assert process.poll() is None, "the run ended before it could be killed"
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _wait_for(seconds: float) -> None:
    """Let the other process work for a moment."""
    signal.sigtimedwait([], seconds)


def _under(files: list[Path], before: Path, now: Path) -> list[Path]:
    return [now / path.relative_to(before) for path in files]


def _move(files: list[Path], source: Path, target: Path) -> None:
    for path in files:
        place = target / path.relative_to(source)
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.move(path, place)
