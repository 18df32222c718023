"""A load that is killed -9, anywhere: nothing is lost, nothing is doubled, and the next load heals it by itself."""

from __future__ import annotations

import random
import shutil
from pathlib import Path

import pytest
from builders.faults import KilledAfter, KilledBefore, every_step, run_apart
from builders.pond import Pond

from orchestration.lake.loader import sweep_work

HEADER = "订单编号,手机,状态,付款时间,实付\n"
ROW = "{},13900001111,交易成功,2026-09-30 08:00:00,{}.50\n"
RANDOM_KILLS, SEED = 8, 20261001


def rows(first: int, last: int) -> str:
    return HEADER + "".join(ROW.format(at, at % 90 + 1) for at in range(first, last))


@pytest.fixture
def pond(in_memory: Path) -> Pond:
    """Two good files, one with a bad row, one that is no export at all, and one delivered twice."""
    pond = Pond(in_memory)
    pond.deliver(rows(1, 40), "a_20260930.csv")
    pond.deliver(rows(40, 80) + "x,,,gestern,1\n", "b_20261001.csv")
    pond.deliver("<html>login</html>", "c_20261001.csv")
    pond.deliver(rows(1, 40), "again_a_20260930.csv")
    return pond


def load(root: Path) -> int:
    pond = Pond(root)
    sweep_work(pond.lake)
    return sum(receipt.rows_loaded for receipt in pond.load())


def forget(pond: Pond) -> None:
    for room in (pond.lake.bronze, pond.lake.quarantine, pond.lake.work):
        shutil.rmtree(room, ignore_errors=True)
    pond.lake.prepare()


def state(pond: Pond) -> tuple:
    """Everything a load leaves: rows, refused rows, files, and what the receipts say but for the time of loading."""
    sweep_work(pond.lake)
    said = [(r.file_name, r.status, r.rows_in_file, r.rows_loaded, r.rows_quarantined, r.reason) for r in pond.load()]
    return pond.rows(), pond.bad_rows(), pond.files(), pond.files("quarantine"), said, list(pond.lake.work.iterdir())


def test_killed_before_every_single_step(pond: Pond) -> None:
    whole = state(pond)
    forget(pond)
    steps = every_step(pond.lake.root, load, pond.root)
    assert len(steps) > 15
    for step in steps:
        forget(pond)
        run_apart(load, pond.root, fault=KilledBefore(pond.lake.root, step))
        assert state(pond) == whole, f"killed before step {step} of {steps[-1]}"


def test_killed_at_random_again_and_again_until_it_is_done(pond: Pond) -> None:
    for day in range(1, 13):
        pond.deliver(rows(day * 100, day * 100 + 300), f"day_202609{day:02}.csv")
    whole = state(pond)
    forget(pond)
    when = random.Random(SEED)
    endings = [run_apart(load, pond.root, fault=KilledAfter(when.uniform(0.05, 0.6))).signal for _ in range(RANDOM_KILLS)]
    assert set(endings) <= {0, 14} and 14 in endings
    assert state(pond) == whole
