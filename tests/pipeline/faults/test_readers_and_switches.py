"""Readers while versions change: whole versions only, whatever is switched, pruned or killed meanwhile."""

from __future__ import annotations

import os
from pathlib import Path
from threading import Thread

import duckdb
import pytest
from builders.faults import Ending, KilledBefore, every_step, run_apart

from orchestration.lake.layout import Lake
from orchestration.lake.releases import build_release, current_version, list_versions, next_version, prune, show_release
from tests.unit.releases.conftest import AS_OF, GRAINS

SWITCHES, KEPT = 50, 3
DONE = "done"


@pytest.fixture
def lake(in_memory: Path) -> Lake:
    return Lake(in_memory / "lake").prepare()


def publish(root: Path, rows: int) -> str:
    """A version in which both tables have so many rows: a reader that sees two numbers saw two versions."""
    lake = Lake(root)
    lake.warehouse.unlink(missing_ok=True)
    with duckdb.connect(lake.warehouse) as con:
        con.execute("create schema customer")
        con.execute(f"create table customer.fct_orders as select 'o' || i as order_key from range({rows}) as numbers (i)")
        numbered = f"select 'k' as key_type, i as key_token, i as valid_from from range({rows}) as numbers (i)"
        con.execute(f"create table customer.customer_keys as {numbered}")
    version = next_version(lake, AS_OF)
    build_release(lake, lake.warehouse, version, GRAINS, {}, {})
    show_release(lake, version)
    prune(lake, KEPT)
    return version


def read_on(root: Path) -> list[tuple[str, int, int]]:
    """A BI tool: opens, reads two tables, closes, again and again until told; what it saw each time."""
    current, seen = Lake(root).current, []
    with duckdb.connect(current / "fishpond.duckdb", read_only=True) as patient:  # and one that keeps its first connection all the time
        while not (root / DONE).exists():
            try:
                folder = current.resolve(strict=True)
                with duckdb.connect(current / "fishpond.duckdb", read_only=True) as con:
                    counts = [con.execute(f"select count(*) from {table}").fetchall()[0][0] for table in GRAINS]
                files = [f"{folder}/parquet/{table.replace('.', '/')}.parquet" for table in GRAINS]
                parquet = [duckdb.sql(f"select count(*) from '{file}'").fetchall()[0][0] for file in files]
            except duckdb.IOException:  # its version was pruned while it opened it: it asks again, and never reads a half one
                continue
            first = [patient.execute(f"select count(*) from {table}").fetchall()[0][0] for table in GRAINS]
            seen += [("file", *counts), ("parquet", *parquet), ("patient", *first)]
    return seen


def test_a_reader_sees_only_whole_versions_while_fifty_are_switched(lake: Lake) -> None:
    publish(lake.root, 1)
    endings: list[Ending] = []
    reader = Thread(target=lambda: endings.append(run_apart(read_on, lake.root)))
    reader.start()
    for rows in range(2, SWITCHES + 2):
        publish(lake.root, rows)
    (lake.root / DONE).touch()
    reader.join()
    seen = endings[0].value
    assert seen, endings[0].error
    assert [reading for reading in seen if reading[1] != reading[2]] == []
    assert len({orders for kind, orders, _ in seen if kind == "file"}) > SWITCHES / 10, "it read while versions changed"
    assert {orders for kind, orders, _ in seen if kind == "patient"} == {next(orders for kind, orders, _ in seen if kind == "patient")}


def test_killed_before_every_step_of_publishing(lake: Lake) -> None:
    publish(lake.root, 1)
    steps = every_step(lake.published, publish, lake.root, 2)
    assert len(steps) > 10
    for rows, step in enumerate(steps, 3):
        run_apart(publish, lake.root, rows, fault=KilledBefore(lake.published, step))
        with duckdb.connect(lake.current / "fishpond.duckdb", read_only=True) as con:
            orders, keys = (con.execute(f"select count(*) from {table}").fetchall()[0][0] for table in GRAINS)
        assert orders == keys, f"killed before step {step}"
    assert publish(lake.root, 99) == current_version(lake) == list_versions(lake)[-1]
    assert not [path for folder in (lake.published, lake.releases) for path in os.scandir(folder) if path.name.startswith(".")]
