"""The same brand on both engines: every table of the warehouse, its rows and its types, the same to the last digit.

The one test that may say that it did not run: the second engine is an extra, and needs Java. `make parity` installs the extra and runs it.
"""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest
from traps import CHAIN, LONE, plant_edges, plant_fixtures, plant_orders

from orchestration.defs.dbt_runs import call_dbt, run_nodes, spark_tables
from orchestration.lake.layout import Lake
from orchestration.lake.spark_tables import parquet_files
from orchestration.sample import write_sample
from orchestration.settings import Settings, read_settings

ROOT = Path(__file__).parents[2]
NOT_COMPARED = {"raw", "analytics", "main", "information_schema"}  # what both read: bronze, and numerics fitted on what is compared


def _missing() -> str | None:
    if not shutil.which("java") and not os.environ.get("JAVA_HOME"):
        return "no Java"
    return None if importlib.util.find_spec("pyspark") else "no pyspark (make parity installs it)"


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, Lake]]:
    """The warehouse as DuckDB built it, and the lake as Spark built it, both published through the same gate."""
    if why := _missing():
        pytest.skip(f"not run: {why}")
    kept = tmp_path_factory.mktemp("parity")
    lake = Lake(kept / "lake").prepare()
    write_sample(lake.landing, None, customers=60, days=60, hard_cases=True)
    plant_orders(lake.landing)
    plant_fixtures(lake.landing)
    _run(lake, {})
    by_duckdb = kept / "by_duckdb" / lake.warehouse.name  # its views name the catalog, which is the file's name
    by_duckdb.parent.mkdir()
    shutil.copy(lake.warehouse, by_duckdb)
    _run(lake, {"FISHPOND_TARGET": "spark"})
    yield by_duckdb, lake
    for folder in lake.published.rglob("*"):  # releases are sealed
        if folder.is_dir() and not folder.is_symlink():
            folder.chmod(0o700)


def _run(lake: Lake, settings: dict[str, str]) -> None:
    """One whole road in a process of its own: the engine's, too, ends with it."""
    road = [sys.executable, "-c", "import sys; from orchestration.cli import main; sys.argv = ['fishpond', 'run', '--full']; main()"]
    done = subprocess.run(road, cwd=ROOT, env={**os.environ, "FISHPOND_LAKE": str(lake.root), **settings}, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]


def test_both_engines_say_the_same_of_everything(both: tuple[Path, Lake], tmp_path: Path) -> None:
    """Tables and components; one test, so that exactly one says that it did not run."""
    assert {**tables_apart(both), **components_apart(both, tmp_path)} == {}


def tables_apart(both: tuple[Path, Lake]) -> dict[str, object]:
    """Relations whose types or rows differ, staging included."""
    by_duckdb, lake = both
    with duckdb.connect(by_duckdb, read_only=True) as con:
        con.execute(f"attach '{lake.warehouse}' as theirs (read_only)")
        here, there = _tables(con, "warehouse"), _tables(con, "theirs")
        assert set(here) == set(there) and len(here) > 280
        types = {name: (here[name], there[name]) for name in here if here[name] != there[name]}
        return types or {name: rows for name in here if any(rows := _differences(con, f"warehouse.{name}", f"theirs.{name}"))}


def components_apart(both: tuple[Path, Lake], tmp_path: Path) -> dict[str, object]:
    """A long chain, a hub and lone records, planted in place of the brand's evidence: nodes whose component differs."""
    nodes, settings, found = plant_edges(tmp_path / "edges.parquet"), _spark(both[1]), {}
    with duckdb.connect(both[1].warehouse) as con:
        con.execute("drop view intermediate.int_identity_edges")
        con.execute(f"create table intermediate.int_identity_edges as select * from '{tmp_path}/edges.parquet'")
        con.execute("drop view intermediate.int_identity_components")
    planted = ["drop table intermediate.int_identity_edges"]
    planted += [f"create table intermediate.int_identity_edges using parquet as select * from parquet.`{tmp_path}/edges.parquet`"]
    _tell_spark(settings, planted)
    for engine in ("duckdb", "spark"):
        runs = run_nodes(replace(settings, target=engine), ["run", "--select", "int_identity_components"], lambda *_: None)
        assert [run.message for run in runs if run.status != "success"] == []
    with duckdb.connect(both[1].warehouse, read_only=True) as con:
        files = ", ".join(f"'{file}'" for file in parquet_files(spark_tables(settings), "intermediate", "int_identity_components"))
        for engine, relation in (("duckdb", "intermediate.int_identity_components"), ("spark", f"read_parquet([{files}])")):
            found[engine] = con.execute(f"select node_id, component from {relation} order by all").fetchall()
    sizes = sorted((sum(1 for _ in group) for group in _groups(found["spark"]).values()), reverse=True)
    assert len(found["spark"]) == len(found["duckdb"]) == nodes and sizes[0] == CHAIN and sizes.count(1) == LONE
    return dict(set(found["duckdb"]) ^ set(found["spark"]))


def _spark(lake: Lake) -> Settings:
    return replace(read_settings(), lake=lake.root, target="spark")


def _tell_spark(settings: Settings, statements: list[str]) -> None:
    call_dbt(settings, ["run-operation", "run_statements", "--args", json.dumps({"statements": statements})])


def _groups(rows: list[tuple[int, int]]) -> dict[int, list[int]]:
    groups: dict[int, list[int]] = {}
    for node, component in rows:
        groups.setdefault(component, []).append(node)
    return groups


def _tables(con: duckdb.DuckDBPyConnection, catalog: str) -> dict[str, list[tuple[str, str]]]:
    """`schema.table` → columns and types, of everything built: tables, and what stands behind a view of files."""
    found = con.execute(
        """select schema_name || '.' || table_name, column_name, data_type from duckdb_columns()
        where database_name = ? and not internal order by all""", [catalog]).fetchall()  # fmt: skip
    tables: dict[str, list[tuple[str, str]]] = {}
    for name, column, kind in found:
        if name.partition(".")[0] not in NOT_COMPARED:
            tables.setdefault(name, []).append((column, kind))
    return tables


def _differences(con: duckdb.DuckDBPyConnection, one: str, other: str) -> list[list[tuple]]:
    """Up to three rows that only one side has, one list per side; columns by name."""
    columns = ", ".join(row[0] for row in con.execute(f"describe {one}").fetchall())
    ask = "select {columns} from {a} except all select {columns} from {b} limit 3"
    return [con.execute(ask.format(columns=columns, a=a, b=b)).fetchall() for a, b in ((one, other), (other, one))]
