"""Models of the dbt project as plain SQL, run on tables of one's own: what properties and benchmarks need, without a lake or a run.

Here: compiling, an empty warehouse in memory with the right schemas, building models one after another. Not here: any data.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import duckdb

from orchestration.defs.dbt_runs import PROJECT, run_nodes
from orchestration.lake.catalog import load_catalog
from orchestration.lake.layout import Lake
from orchestration.lake.registry import write_dbt_registry
from orchestration.settings import Settings

SCHEMAS = ("raw", "seeds", "intermediate", "analytics", "customer", "attribution")
LEDGER = ("int_conversions", "int_touches__assigned", "int_paths", "int_paths__credited", "fct_attribution")


def compiled(settings: Settings, names: Sequence[str] = LEDGER) -> dict[str, str]:
    """Relation (`"schema"."name"`) → select, in the order of `names`, which must be an order in which they can be built."""
    Lake(settings.lake).prepare()
    write_dbt_registry(load_catalog(), PROJECT)
    arguments = ["compile", "--select", *(f"{name},resource_type:model" for name in names)]
    found = {run.name: run.sql for run in run_nodes(settings, arguments, lambda *_: None)}
    return {f"{'intermediate' if name.startswith('int_') else 'attribution'}.{name}": found[name] for name in names}


def empty_warehouse(threads: int | None = None, file: Path | None = None) -> duckdb.DuckDBPyConnection:
    """A connection whose current catalog is an empty `warehouse`, in memory or in a new file, with the schemas that models name."""
    con = duckdb.connect()
    con.execute(f"attach '{file or ':memory:'}' as warehouse; use warehouse; set enable_progress_bar = false")
    if threads:
        con.execute(f"set threads = {threads}")
    for schema in SCHEMAS:
        con.execute(f"create schema {schema}")
    return con


def build(con: duckdb.DuckDBPyConnection, models: Mapping[str, str]) -> None:
    """Build the models one after another, replacing what was there."""
    for relation, select in models.items():
        con.execute(f"create or replace table {relation} as {select}")
