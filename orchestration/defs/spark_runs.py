"""The Spark target: tables are built by Spark, and come back as Parquet into the warehouse that tests, fences and the release read.

Here: the order of it. Not here: what Spark reads (`lake/spark_sources.py`), how its tables come back (`lake/spark_tables.py`), dbt calls.
Only building is Spark's: data tests, Great Expectations and the release are the same code on the same warehouse file as without it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from orchestration.defs.analytics_files import analytics_folder
from orchestration.defs.dbt_runs import DbtBroke, NodeRun, call_dbt, parsed_project, run_nodes, spark_tables
from orchestration.defs.resources import Pond, open_warehouse
from orchestration.lake.spark_sources import analytics_sources, bronze_sources, write_lake_tables
from orchestration.lake.spark_tables import BuiltTable, take_over

Hear = Callable[[str, str, float], None]
ONLY_TABLES = ("--exclude-resource-type", "unit_test", "--exclude-resource-type", "test")


def build_on_spark(pond: Pond, select: Sequence[str], tests: Sequence[str], hear: Hear, has_bronze: bool) -> list[NodeRun]:
    """Build the selected tables with Spark, then run `tests` (a dbt command) on what came back; every node's fate, tables first.
    `has_bronze`: Spark has been told of this build's bronze already, by the stretch before.

    Where `dbt build` skips what stands on a failed test, here all was built before anything is tested; nothing is published either way.
    """
    judged_by = replace(pond.settings, target="duckdb")
    _declare_sources(pond, has_bronze)
    built = run_nodes(pond.settings, ["build", "--select", *select, *ONLY_TABLES], hear)
    if any(run.status == "error" for run in built):
        return built
    known = parsed_project(pond.settings).nodes
    nodes = [known[run.unique_id] for run in built if run.kind in ("model", "seed")]  # a hook is a run, too
    with open_warehouse(pond.lake, pond.settings) as con:
        take_over(con, spark_tables(pond.settings), [_built(node) for node in nodes])
    return [*built, *run_nodes(judged_by, tests, hear)]


def _declare_sources(pond: Pond, has_bronze: bool) -> None:
    statements = analytics_sources(sorted(analytics_folder(pond.lake).glob("*.parquet")))
    if not has_bronze:
        with open_warehouse(pond.lake, pond.settings, read_only=True) as con:
            write_lake_tables(con, pond.lake)
        statements = bronze_sources(pond.lake, pond.catalog, pond.held_out(), pond.settings.as_of) + statements
    if call_dbt(pond.settings, ["run-operation", "run_statements", "--args", json.dumps({"statements": statements})]) is None:
        raise DbtBroke("Spark did not take the views over bronze")


def _built(node: Any) -> BuiltTable:
    """A dbt model or seed. Rows of staging and the intermediate relations stay with Spark; comments stand where the model persists them."""
    documented = bool(node.config.persist_docs)
    columns = {name: column.description for name, column in node.columns.items()} if documented else {}
    is_kept = node.schema not in ("staging", "intermediate")
    return BuiltTable(node.schema, node.name, is_kept, node.description if documented else "", columns)
