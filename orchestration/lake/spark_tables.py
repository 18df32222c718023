"""Tables that Spark wrote, taken into the warehouse file: from there on nothing knows which engine built them.

Belongs here: Parquet folders of Spark's warehouse → relations of ours. Does not: building, judging, publishing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from orchestration.lake.sql import identifier, literal


class SparkTableMissing(RuntimeError):
    """Spark said that it built a table, but its files are not where this machine looks for them."""


@dataclass(frozen=True)
class BuiltTable:
    """One table. `is_kept`: its rows are copied into the warehouse; else they stay in Spark's files, behind a view."""

    schema: str
    name: str
    is_kept: bool
    description: str = ""
    columns: Mapping[str, str] = field(default_factory=dict)


def take_over(con: duckdb.DuckDBPyConnection, folder: Path, tables: Sequence[BuiltTable]) -> None:
    """Make every table a relation of the open warehouse, with its comments. `folder`: Spark's warehouse directory."""
    for schema in sorted({table.schema for table in tables}):
        con.execute(f"create schema if not exists {identifier(schema)}")
    for table in tables:
        kind, name = "table" if table.is_kept else "view", f"{identifier(table.schema)}.{identifier(table.name)}"
        files = ", ".join(literal(str(file)) for file in parquet_files(folder, table.schema, table.name))
        _forget(con, table, name)
        con.execute(f"create {kind} {name} as select * from read_parquet([{files}], hive_partitioning = false)")
        if table.description:
            con.execute(f"comment on {kind} {name} is {literal(table.description)}")
        for column, said in table.columns.items():
            con.execute(f"comment on column {name}.{identifier(column)} is {literal(said)}")


def parquet_files(folder: Path, schema: str, name: str) -> list[Path]:
    """The files of one table, named one by one: what Spark left of an unfinished write is not read."""
    files = sorted((folder / f"{schema}.db" / name).glob("part-*.parquet"))
    if not files:
        raise SparkTableMissing(
            f"no Parquet of {schema}.{name} in {folder}; FISHPOND_SPARK_TABLES must name Spark's warehouse directory as seen from here"
        )
    return files


def _forget(con: duckdb.DuckDBPyConnection, table: BuiltTable, name: str) -> None:
    """Whatever stood under the name, table or view: the warehouse may have been built by the other engine before."""
    given = [table.schema, table.name]
    for kind in ("table", "view"):
        there = con.execute(f"select 1 from duckdb_{kind}s() where schema_name = $1 and {kind}_name = $2", given).fetchall()
        if there:
            con.execute(f"drop {kind} {name}")
