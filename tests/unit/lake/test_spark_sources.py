"""What Spark is told to read is exactly what the warehouse reads, and what it built is taken over whole."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import duckdb
import pytest
from builders.pond import Pond

from orchestration.lake.bronze import bronze_file, write_empty
from orchestration.lake.raw import register
from orchestration.lake.spark_sources import FILES, UnreadableByGlob, analytics_sources, bronze_sources, spark_type, write_lake_tables
from orchestration.lake.spark_tables import BuiltTable, SparkTableMissing, take_over


@pytest.fixture
def pond(pond: Pond) -> Pond:
    """A lake whose own tables are written, as they are before Spark is told anything."""
    with duckdb.connect(pond.lake.warehouse) as con:
        register(con, pond.lake, pond.catalog, {})
        write_lake_tables(con, pond.lake)
    return pond


HEADER = "订单编号,手机,状态,付款时间,实付\n"


def view(statements: list[str], name: str) -> str:
    """The statement that makes a view, with those of the tables that it reads before it."""
    (found,) = (text for text in statements if text.startswith(f"create or replace view {name} as"))
    tables = [f"create table {FILES}.{table} " for table in re.findall(rf"from {FILES}[.](\w+)", found)]
    return "\n".join([*(text for text in statements if text.startswith(tuple(tables))), found]) if tables else found


def test_only_named_files_are_read_and_held_out_or_later_ones_are_not(pond: Pond) -> None:
    for number, day in enumerate(("20260929", "20260930", "20261001"), start=1):
        pond.deliver(HEADER + f"{number},,,,1\n", f"x_{day}.csv")
    receipts = pond.load()
    first, second, third = (bronze_file(pond.lake, pond.ref, receipt).name for receipt in receipts)
    whole = view(bronze_sources(pond.lake, pond.catalog, {}, None), "raw.shop__orders")
    assert all(name in whole for name in (first, second, third)) and "*." not in whole and "/*" not in whole and "/{" in whole
    held = view(bronze_sources(pond.lake, pond.catalog, {receipts[0].delivery_id: "fence"}, date(2026, 9, 30)), "raw.shop__orders")
    assert second in held and first not in held and third not in held


def test_an_export_without_files_is_a_typed_view_without_rows(pond: Pond) -> None:
    write_empty(pond.lake, pond.ref)
    assert "/empty." in view(bronze_sources(pond.lake, pond.catalog, {}, None), "raw.shop__orders")


def test_spark_is_told_the_columns_of_files_and_looks_into_none(pond: Pond) -> None:
    pond.deliver(HEADER + "1,,,,1\n", "x_20260930.csv")
    pond.load()
    said = bronze_sources(pond.lake, pond.catalog, {}, None)
    assert not any("parquet.`" in text for text in said)
    assert "order_id string" in view(said, "raw.shop__orders") and "_exported_at timestamp_ntz" in view(said, "raw.shop__orders")
    assert said.index(f"create schema {FILES}") < min(number for number, text in enumerate(said) if text.startswith("create table"))


def test_an_older_contracts_file_says_null_for_what_it_lacks(pond: Pond) -> None:
    gone = pond.deliver(HEADER + "1,,,,1\n", "a_20260930.csv")
    pond.load()
    gone.unlink()
    columns = pond.ref.export.model_dump(mode="json", by_alias=True, exclude_none=True)["columns"]
    columns = {name: {word: value for word, value in column.items() if value not in ({}, [])} for name, column in columns.items()}
    pond.new_catalog(columns={**columns, "new_one": {"from": ["新"], "type": "money"}})
    write_empty(pond.lake, pond.ref)
    said = view(bronze_sources(pond.lake, pond.catalog, {}, None), "raw.shop__orders")
    assert "try_cast(null as decimal(18,2)) as new_one" in said and "try_cast(order_id as string) as order_id" in said


def test_new_fits_replace_those_before_and_leave_bronze_as_it_is(pond: Pond) -> None:
    duckdb.sql(f"copy (select 'x' as model, 1.5::double as value) to '{pond.root}/fits.parquet' (format parquet)")
    said = analytics_sources([pond.root / "fits.parquet"])
    assert f"drop table if exists {FILES}.analytics__fits" in said and not any("cascade" in text or "raw." in text for text in said)
    assert "(model string, value double)" in view(said, "analytics.fits")


def test_a_folder_that_spark_would_read_as_a_pattern_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableByGlob, match="rename"):
        analytics_sources([tmp_path / "a[1]" / "fits.parquet"])


def test_types_of_bronze_are_said_in_sparks_words() -> None:
    assert [spark_type(kind) for kind in ("VARCHAR", "TIMESTAMP", "DECIMAL(18,2)")] == ["string", "timestamp_ntz", "decimal(18,2)"]
    assert spark_type('STRUCT("a" VARCHAR, "b" DECIMAL(18,2))[]') == "array<struct<a: string, b: decimal(18,2)>>"


def test_the_loaders_own_tables_are_written_for_spark(pond: Pond) -> None:
    assert duckdb.sql(f"select is_sample from '{pond.lake.spark_home}/lake/context.parquet'").fetchall() == [(False,)]


@pytest.fixture
def built(tmp_path: Path) -> Path:
    folder = tmp_path / "tables" / "customer.db" / "people"
    folder.mkdir(parents=True)
    duckdb.sql(f"copy (select 1 as id union all select 2) to '{folder}/part-00000-a.parquet' (format parquet)")
    duckdb.sql(f"copy (select 9 as id) to '{folder}/_temporary-part.parquet' (format parquet)")
    return tmp_path / "tables"


def test_a_table_takes_the_place_of_whatever_stood_there_with_its_comments(built: Path) -> None:
    table = BuiltTable("customer", "people", True, "Customers 客户", {"id": "Who 谁"})
    with duckdb.connect() as con:
        con.execute("create schema customer; create view customer.people as select 0 as id")
        take_over(con, built, [table])
        take_over(con, built, [table])
        assert con.execute("select * from customer.people order by 1").fetchall() == [(1,), (2,)]
        assert con.execute("select comment from duckdb_tables()").fetchall() == [("Customers 客户",)]
        assert con.execute("select comment from duckdb_columns() where not internal").fetchall() == [("Who 谁",)]
        take_over(con, built, [BuiltTable("customer", "people", False)])
        assert con.execute("select count(*) from duckdb_tables()").fetchall() == [(0,)]
        assert con.execute("select count(*) from customer.people").fetchall() == [(2,)]


def test_a_table_whose_files_are_elsewhere_is_missed_by_name(built: Path) -> None:
    with duckdb.connect() as con, pytest.raises(SparkTableMissing, match=r"customer\.orders.*FISHPOND_SPARK_TABLES"):
        take_over(con, built, [BuiltTable("customer", "orders", True)])
