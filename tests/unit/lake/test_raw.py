"""Schema raw: typed views over named files, and what the loader says of itself."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import duckdb
import pytest
from builders.pond import Pond

from orchestration.lake.bronze import bronze_file
from orchestration.lake.columns import bronze_types
from orchestration.lake.raw import DeliverySet, read_receipts, register

HEADER = "订单编号,手机,状态,付款时间,实付\n"


@pytest.fixture
def warehouse(pond: Pond) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(pond.lake.warehouse) as con:
        yield con


def ids(con: duckdb.DuckDBPyConnection) -> list[str]:
    return [row[0] for row in con.execute("select order_id from raw.shop__orders order by all").fetchall()]


def test_an_empty_lake_gives_typed_empty_views(pond: Pond, warehouse) -> None:
    found = register(warehouse, pond.lake, pond.catalog, {})
    assert found == DeliverySet((), found.fingerprint, None)
    described = {row[0]: row[1] for row in warehouse.execute("describe raw.shop__orders").fetchall()}
    assert described == bronze_types(pond.ref.export)
    assert warehouse.execute("from raw.lake__context").fetchall() == [(None, False, found.fingerprint)]
    assert warehouse.execute("select count(*) from raw.lake__deliveries, raw.lake__quarantine").fetchall() == [(0,)]


def test_views_hold_what_is_loaded_and_tables_tell_the_rest(pond: Pond, warehouse) -> None:
    pond.deliver(HEADER + "1,,,,1\nx,,,gestern,1\n", "a_20260930.csv")
    pond.deliver(HEADER + "2,,,,1\n", "b_20261001.csv")
    pond.deliver("<html>", "c_20261001.csv")
    pond.deliver(HEADER + "2,,,,1\n", "d_20261001.csv")
    receipts = pond.load()
    found = register(warehouse, pond.lake, pond.catalog, {})
    assert ids(warehouse) == ["1", "2"] and found.as_of_on == date(2026, 10, 1) and len(found.files) == 2
    told = warehouse.execute(
        "select status, rows_loaded, rows_in_file = rows_loaded + rows_quarantined + rows_skipped from raw.lake__deliveries"
    ).fetchall()
    assert told == [("loaded", 1, True), ("loaded", 1, True), ("refused", 0, True), ("duplicate", 0, True)]
    assert warehouse.execute("select line_number, column_name from raw.lake__quarantine").fetchall() == [(3, "paid_at")]
    assert {receipt.delivery_id for receipt in read_receipts(pond.lake, pond.catalog)} == {receipt.delivery_id for receipt in receipts}


def test_held_out_deliveries_are_refused_and_not_read(pond: Pond, warehouse) -> None:
    pond.deliver(HEADER + "1,,,,1\n", "a_20260930.csv")
    pond.deliver(HEADER + "2,,,,1\n", "b_20261001.csv")
    _, second = pond.load()
    whole = register(warehouse, pond.lake, pond.catalog, {})
    held = register(warehouse, pond.lake, pond.catalog, {second.delivery_id: "its fence"})
    assert ids(warehouse) == ["1"] and held.as_of_on == date(2026, 9, 30) and held.fingerprint != whole.fingerprint
    assert warehouse.execute("select status, reason from raw.lake__deliveries order by file_name desc limit 1").fetchall() == [
        ("refused", "its fence")
    ]
    assert register(warehouse, pond.lake, pond.catalog, {}) == whole


def test_as_of_leaves_out_what_was_exported_later(pond: Pond, warehouse) -> None:
    pond.deliver(HEADER + "1,,,,1\n", "a_20260930.csv")
    pond.deliver(HEADER + "2,,,,1\n", "b_20261001.csv")
    pond.load()
    assert register(warehouse, pond.lake, pond.catalog, {}, date(2026, 9, 30)).as_of_on == date(2026, 9, 30)
    assert ids(warehouse) == ["1"]


def test_bronze_of_an_older_contract_stays_as_stale_until_its_file_is_reloaded(pond: Pond, warehouse) -> None:
    gone = pond.deliver(HEADER + "1,,,,1\n", "a_20260930.csv")
    pond.deliver(HEADER + "2,,,,1\n", "b_20261001.csv")
    pond.load()
    gone.unlink()
    columns = {
        name: column for name, column in pond.ref.export.model_dump(mode="json", by_alias=True, exclude_none=True)["columns"].items()
    }
    columns = {name: {word: value for word, value in column.items() if value not in ({}, [])} for name, column in columns.items()}
    pond.new_catalog(columns={**columns, "new_one": {"from": ["新"], "type": "money"}})
    pond.load()
    register(warehouse, pond.lake, pond.catalog, {})
    assert warehouse.execute("select order_id, new_one from raw.shop__orders order by 1").fetchall() == [("1", None), ("2", None)]
    assert warehouse.execute("select status from raw.lake__deliveries order by file_name").fetchall() == [("stale_contract",), ("loaded",)]


def test_a_file_of_another_name_in_the_folder_is_not_read(pond: Pond, warehouse) -> None:
    pond.deliver(HEADER + "1,,,,1\n")
    (receipt,) = pond.load()
    file = bronze_file(pond.lake, pond.ref, receipt)
    with duckdb.connect() as con:
        con.execute(f"copy (select 1 as a) to '{file.with_name('x.parquet')}' (format parquet)")
    register(warehouse, pond.lake, pond.catalog, {})
    assert ids(warehouse) == ["1"]


def test_stated_totals_stand_beside_what_the_rows_add_up_to(pond: Pond, warehouse) -> None:
    words = {
        "skip_rows": [{"column": "order_id", "in": ["总计"], "control": {"paid_cny": "at_least"}}],
        "date": [{"file_name": r"day_(\d{8})", "format": "%Y%m%d"}],
    }
    pond.new_catalog(**words)
    pond.deliver(HEADER + "1,,,,1.50\n总计,,,,4.00\n", "20261001_day_20260930.csv")
    pond.deliver(HEADER + "2,,,,1.50\n", "20261001_without_total.csv")
    pond.deliver("<html>", "20261001_day_20260929.csv")
    pond.load()
    register(warehouse, pond.lake, pond.catalog, {})
    told = warehouse.execute("select source, export, business_on, column_name, rule, stated - found from raw.lake__controls").fetchall()
    assert told == [("shop", "orders", date(2026, 9, 30), "paid_cny", "at_least", Decimal("2.50"))]
