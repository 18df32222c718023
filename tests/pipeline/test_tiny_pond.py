"""The marts of the pond over a world that was computed by hand: dbt builds them from a few canonical rows, no files and no numerics."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path

import duckdb
import yaml

from orchestration.defs.dbt_runs import run_nodes
from orchestration.lake.layout import Lake
from orchestration.settings import read_settings

HERE = Path(__file__).parent / "tiny_pond"
FILES = [yaml.safe_load((HERE / file).read_text("utf-8")) for file in ("expected.yml", "expected_scores.yml", "expected_people.yml")]
EXPECTED = {name: case for file in FILES for name, case in file.items()}
BUILT = ["path:models/intermediate/private_domain", "path:models/marts/private_domain", "fct_attribution"]
BUILT += ["int_live_sessions", "int_creators", "int_sales", "int_sales__live"]
BUILT += ["int_conversions", "int_purchases", "int_touches__assigned", "int_paths", "int_paths__credited"]


def test_every_mart_of_the_pond_says_what_was_computed_by_hand(lake: Lake) -> None:
    with duckdb.connect(str(lake.warehouse)) as con:
        for (table,) in con.execute("select table_name from duckdb_tables() where schema_name = 'intermediate'").fetchall():
            con.execute(f"delete from intermediate.{table}")
        con.execute((HERE / "world.sql").read_text("utf-8"))
    runs = run_nodes(read_settings(), ["run", "--select", *BUILT], lambda *_: None)
    assert [f"{run.name}: {run.message}" for run in runs if run.status != "success"] == []
    with duckdb.connect(str(lake.warehouse), read_only=True) as con:
        found = {name: [_line(row) for row in con.execute(case["query"]).fetchall()] for name, case in EXPECTED.items()}
        untold = _untold(con)
    assert found == {name: case["rows"] for name, case in EXPECTED.items()}
    assert untold == []


def _untold(con: duckdb.DuckDBPyConnection) -> list[str]:
    """Columns that no expected query reads, and metrics that no expected row names: figures nobody computed by hand."""
    published = "select table_name, column_name from duckdb_columns() where schema_name = 'private_domain' order by all"
    columns = con.execute(published).fetchall()
    words = {table: set() for table, _ in columns}
    for case in EXPECTED.values():
        table = re.search(r"private_domain\.(\w+)", case["query"])[1]
        words[table] |= set(re.findall(r"\w+", case["query"])) | {field for row in case["rows"] for field in row.split("|")}
    metrics = [
        (table, metric)
        for table, column in columns if column == "metric"
        for (metric,) in con.execute(f"select distinct metric from private_domain.{table} order by 1").fetchall()
    ]
    return [f"{table}.{figure}" for table, figure in [*columns, *metrics] if figure not in words[table]]


def _line(row: tuple) -> str:
    return "|".join(f"{value:f}" if isinstance(value, Decimal) else str(value) for value in row)
