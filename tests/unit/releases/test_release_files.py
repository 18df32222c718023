"""A release is the warehouse's tables, sorted, explained, whole, and readable by older tools."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest

from orchestration.lake import release_files
from orchestration.lake.layout import Lake
from orchestration.lake.release_files import ReleaseBroken
from orchestration.lake.releases import ReleaseError, build_release, release_note
from tests.unit.releases.conftest import GRAINS

VERSION = "2026-09-30.001"


def read(folder: Path, query: str) -> list[tuple]:
    with duckdb.connect(str(folder / "fishpond.duckdb"), read_only=True) as con:
        return con.execute(query).fetchall()


def test_tables_are_sorted_by_their_grain_in_both_formats(lake: Lake) -> None:
    folder = build_release(lake, lake.warehouse, VERSION, GRAINS, {}, {})
    keys = [row[0] for row in read(folder, "select order_key from customer.fct_orders")]
    with duckdb.connect() as con:
        in_parquet = con.execute(f"select order_key from '{folder}/parquet/customer/fct_orders.parquet'").fetchall()
    assert keys == sorted(keys) == [row[0] for row in in_parquet] and len(keys) == 10


def test_comments_come_along_and_given_ones_win(lake: Lake) -> None:
    comments = {"quality.check_results": "质检结果", "quality.check_results.version": "it's a version", "customer.nothing": "of no table"}
    extra = {"quality.check_results": pa.table({"version": [VERSION]})}
    folder = build_release(lake, lake.warehouse, VERSION, GRAINS, extra, comments)
    assert dict(read(folder, "select table_name, comment from duckdb_tables() where comment is not null")) == {
        "fct_orders": "订单 Orders. One row per order.", "check_results": "质检结果",
    }  # fmt: skip
    assert dict(read(folder, "select column_name, comment from duckdb_columns() where comment is not null and not internal")) == {
        "order_key": "订单号 The order's key", "version": "it's a version",
    }  # fmt: skip


def test_older_tools_can_open_the_file(lake: Lake) -> None:
    folder = build_release(lake, lake.warehouse, VERSION, GRAINS, {}, {})
    assert read(folder, "select tags['storage_version'] from duckdb_databases() where database_name = 'fishpond'") == [("v1.2.0+",)]


def test_the_note_says_what_it_was_made_of(lake: Lake) -> None:
    folder = build_release(lake, lake.warehouse, VERSION, GRAINS, {}, {}, delivery_set="d", code="c", run_id="r")
    note = release_note(lake, VERSION)
    assert (note.delivery_set, note.code, note.run_id, note.rows["customer.fct_orders"]) == ("d", "c", "r", 10)
    assert note.bytes == (folder / "fishpond.duckdb").stat().st_size


def test_nobody_can_write_into_a_release(lake: Lake) -> None:
    folder = build_release(lake, lake.warehouse, VERSION, GRAINS, {}, {})
    assert {path.stat().st_mode & 0o777 for path in folder.rglob("*") if path.is_file()} == {0o444}
    assert {path.stat().st_mode & 0o777 for path in (folder, folder / "parquet" / "customer")} == {0o555}


def test_a_copy_that_lost_rows_is_no_release(lake: Lake, monkeypatch: pytest.MonkeyPatch) -> None:
    honest: Callable = release_files._count
    monkeypatch.setattr(release_files, "_count", lambda con, relation: honest(con, relation) - relation.startswith("release.customer.fct"))
    with pytest.raises(ReleaseBroken, match=r"customer\.fct_orders: 10 rows, but 9"):
        build_release(lake, lake.warehouse, VERSION, GRAINS, {}, {})
    assert [path.name for path in lake.releases.iterdir()] == [f".building-{VERSION}"]


def test_a_table_cannot_come_from_two_places(lake: Lake) -> None:
    with pytest.raises(ReleaseBroken, match=r"customer\.fct_orders"):
        build_release(lake, lake.warehouse, VERSION, GRAINS, {"customer.fct_orders": pa.table({"a": [1]})}, {})


def test_a_version_is_built_once(lake: Lake) -> None:
    build_release(lake, lake.warehouse, VERSION, GRAINS, {}, {})
    with pytest.raises(ReleaseError, match="exists already"):
        build_release(lake, lake.warehouse, VERSION, GRAINS, {}, {})
