"""What counts as arrived: files that stood still between two looks, each state once."""

from __future__ import annotations

import json
from pathlib import Path

import dagster as dg
import pytest

from orchestration.defs.arrivals import deliveries_arrived, look, run_key, settled

STILL, GROWN = [10, 1], [20, 2]


@pytest.mark.parametrize(
    ("before", "now", "reported", "new"),
    [
        ({}, {"a": STILL}, {}, []),
        ({"a": STILL}, {"a": STILL}, {}, ["a"]),
        ({"a": STILL}, {"a": GROWN}, {}, []),
        ({"a": STILL}, {"a": STILL}, {"a": STILL}, []),
        ({"a": GROWN}, {"a": GROWN}, {"a": STILL}, ["a"]),
        ({"a": STILL}, {}, {}, []),
    ],
    ids=["first seen", "stood still", "still being written", "reported already", "replaced", "gone"],
)
def test_only_files_that_stood_still_are_new(before: dict, now: dict, reported: dict, new: list[str]) -> None:
    assert settled(before, now, reported) == new


def test_run_key_depends_on_content_not_on_the_process(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("1")
    first = run_key(tmp_path, ["a"])
    assert run_key(tmp_path, ["a"]) == first
    (tmp_path / "a").write_text("2")
    assert run_key(tmp_path, ["a"]) != first


def test_sensor_starts_one_run_for_complete_files_and_none_for_the_same_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FISHPOND_LAKE", str(tmp_path))
    orders = tmp_path / "landing" / "taobao" / "orders"
    orders.mkdir(parents=True)
    (orders / "whole.csv").write_text("x")
    (orders / "copying.csv.part").write_text("x")
    cursor, runs = None, []
    for _ in range(3):
        result = deliveries_arrived(dg.build_sensor_context(cursor=cursor))
        cursor = result.cursor
        runs.append(len(result.run_requests or []))
    assert runs == [0, 1, 0]
    assert list(json.loads(cursor)["reported"]) == ["taobao/orders/whole.csv"]
    assert look(tmp_path / "landing", [orders / "whole.csv", orders / "gone.csv"]).keys() == {"taobao/orders/whole.csv"}
