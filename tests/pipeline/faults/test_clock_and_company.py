"""A clock that steps back, and two runs at once."""

from __future__ import annotations

import os
from datetime import datetime, timedelta
from pathlib import Path
from threading import Thread

import pytest
from builders.faults import Ending, run_apart

from orchestration.lake import candidates, history
from orchestration.lake.layout import Lake
from orchestration.lake.one_writer import LakeBusy, one_writer
from orchestration.lake.releases import current_version, list_versions
from orchestration.lake.rollback import resume, rollback
from tests.pipeline.faults.test_readers_and_switches import publish

RUNS = 4


@pytest.fixture
def lake(in_memory: Path) -> Lake:
    return Lake(in_memory / "lake").prepare()


@pytest.fixture
def backwards(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every look at the clock finds it a day earlier."""
    moments = (datetime(2026, 10, 20) - timedelta(days=day) for day in range(100))
    for module in (history, candidates):
        monkeypatch.setattr(module, "now", lambda: next(moments).isoformat())


@pytest.mark.usefixtures("backwards")
def test_versions_follow_each_other_though_the_clock_steps_back(lake: Lake) -> None:
    made = [publish(lake.root, rows) for rows in (1, 2, 3)]
    assert list_versions(lake) == made and current_version(lake) == made[-1]
    assert rollback(lake) == made[1]
    newest = publish(lake.root, 4)
    assert resume(lake) == newest == current_version(lake)


@pytest.mark.usefixtures("backwards")
def test_the_last_candidate_stays_the_last_though_the_clock_steps_back(lake: Lake) -> None:
    for run in ("first", "second", "third"):
        path = candidates.write_candidate(lake, run, "print", True, [])
        os.utime(path / "verdict.json", (1_000_000 - len(run), 1_000_000 - len(run)))
    assert [candidate.run_id for candidate in candidates.list_candidates(lake)] == ["first", "second", "third"]


def take_turns(root: Path) -> str:
    """One of several runs that start at the same moment."""
    lake = Lake(root)
    try:
        with one_writer(lake, patience=0.0):
            return publish(root, 5)
    except LakeBusy as busy:
        return f"busy: {busy}"


def test_of_several_runs_at_once_one_writes_and_the_others_are_told(lake: Lake) -> None:
    endings: list[Ending] = []
    with one_writer(lake):
        told = run_apart(take_turns, lake.root).value
    assert told.startswith("busy: another run is writing") and "process" in told
    threads = [Thread(target=lambda: endings.append(run_apart(take_turns, lake.root))) for _ in range(RUNS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    published = sorted(ending.value for ending in endings if not ending.value.startswith("busy"))
    assert published and len(set(published)) == len(published) == len(list_versions(lake))
