"""The marks around a build: nothing that is not whole is ever taken for whole."""

from __future__ import annotations

from pathlib import Path

import pytest

from orchestration.lake import build_marks
from orchestration.lake.build_marks import WarehouseNotWhole
from orchestration.lake.fingerprints import code_of
from orchestration.lake.layout import Lake
from orchestration.lake.one_writer import LakeBusy, one_writer


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    made = Lake(tmp_path).prepare()
    made.warehouse.write_bytes(b"database")
    return made


def test_a_build_is_whole_only_after_its_end_mark(lake: Lake) -> None:
    build_marks.begin_build(lake, "code", "landing")
    with pytest.raises(WarehouseNotWhole):
        build_marks.need_canonical(lake)
    build_marks.mark_canonical(lake, "run", "set")
    with pytest.raises(WarehouseNotWhole):
        build_marks.whole_build(lake)
    assert build_marks.why_from_nothing(lake)
    build_marks.end_build(lake, "run")
    assert build_marks.whole_build(lake).delivery_set == "set"
    assert build_marks.why_from_nothing(lake) is None


@pytest.mark.parametrize("damage", [b"", b"data", b"database and more"], ids=["emptied", "cut", "grown"])
def test_a_damaged_warehouse_is_built_from_nothing(lake: Lake, damage: bytes) -> None:
    _build(lake)
    lake.warehouse.write_bytes(damage)
    assert build_marks.why_from_nothing(lake)
    with pytest.raises(WarehouseNotWhole):
        build_marks.whole_build(lake)


def test_rebuilding_a_part_takes_the_end_mark_away(lake: Lake) -> None:
    _build(lake)
    build_marks.forget_marts(lake)
    assert build_marks.need_canonical(lake)
    with pytest.raises(WarehouseNotWhole):
        build_marks.whole_build(lake)
    build_marks.forget_build(lake)
    with pytest.raises(WarehouseNotWhole):
        build_marks.need_canonical(lake)


def test_a_torn_mark_is_no_mark(lake: Lake) -> None:
    _build(lake)
    lake.build_mark.write_text(lake.build_mark.read_text()[:20])
    assert build_marks.read_mark(lake) is None


def test_dropping_leaves_nothing_that_looks_whole(lake: Lake) -> None:
    _build(lake)
    build_marks.drop_warehouse(lake)
    assert not lake.warehouse.exists()
    assert build_marks.read_mark(lake) is None


def test_dropping_takes_the_rows_that_another_engine_holds(lake: Lake) -> None:
    rows = [lake.spark_home / "tables" / "customer.db" / "people" / "part-0.parquet", lake.spark_home / "lake" / "deliveries.parquet"]
    for file in rows:
        file.parent.mkdir(parents=True)
        file.write_bytes(b"rows of somebody who asked to be forgotten")
    build_marks.drop_warehouse(lake)
    assert [file for file in rows if file.exists()] == []


def test_a_build_of_another_engine_is_another_build() -> None:
    assert code_of(None) == code_of(None, "duckdb") != code_of(None, "spark")


def test_one_writer_may_enter_twice_and_another_lake_is_free(lake: Lake, tmp_path: Path) -> None:
    with one_writer(lake), one_writer(lake), one_writer(Lake(tmp_path / "other")):
        assert (lake.warehouse_dir / "writer.pid").read_text().strip().isdigit()


def test_a_second_process_is_told_who_writes(lake: Lake) -> None:
    from filelock import FileLock

    with (
        FileLock(lake.warehouse_dir / "writer.lock"),
        pytest.raises(LakeBusy, match="another run is writing"),
        one_writer(lake, patience=0.1),
    ):
        pass


def _build(lake: Lake) -> None:
    build_marks.begin_build(lake, "code", "landing")
    build_marks.mark_canonical(lake, "run", "set")
    build_marks.end_build(lake, "run")
