"""What Spark reads, as SQL: one view per export over its bronze Parquet, named file by file, and what the loader says of itself.

Belongs here: the same rows as schema `raw` of the warehouse, in Spark's words. Does not: which files count (raw), running SQL (defs).
Files stand behind tables that say their columns: Spark would else look into the files of every source that a query names, again for
each query, which was a third of the time of a small brand.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import duckdb
from pyarrow import parquet

from orchestration.lake import bronze
from orchestration.lake.catalog import Catalog, ExportRef
from orchestration.lake.columns import bronze_types
from orchestration.lake.layout import Lake
from orchestration.lake.raw import bronze_stock
from orchestration.lake.registry import LAKE_TABLES
from orchestration.lake.sql import literal

SPARK_TYPES = {"VARCHAR": "string", "TIMESTAMP": "timestamp_ntz"}  # the others are words of both engines
FILES_PER_PATH = 500  # a glob over more files is a pattern that takes long to match
FILES = "fishpond_files"  # Spark's schema of tables over files, all of them external: dropping it deletes no file


class UnreadableByGlob(ValueError):
    """A path holds a character that has a meaning in Spark's file patterns, where no way of quoting is dependable."""


@dataclass
class _Statements:
    """What is told to Spark, in order: a table per portion of files, and the views over them."""

    tables: list[str] = field(default_factory=list)
    views: list[str] = field(default_factory=list)

    def table(self, name: str, files: Sequence[Path], types: Mapping[str, str] | None = None) -> str:
        """A table over files that have exactly these columns (DuckDB's types; None: those of the file); gives the select that reads it."""
        path = literal(_path(files))
        columns = ", ".join(f"{column} {spark_type(kind)}" for column, kind in (types or _types(files[0])).items())
        self.tables.append(f"create table {FILES}.{name} ({columns}) using parquet options (path {path})")
        return f"select * from {FILES}.{name}"

    def view(self, name: str, selects: Sequence[str]) -> None:
        self.views.append(f"create or replace view {name} as\n" + "\nunion all\n".join(selects))


def bronze_sources(lake: Lake, catalog: Catalog, held_out: Mapping[str, str], as_of: date | None) -> list[str]:
    """Statements that make schema `raw` in Spark. The lake's own tables must be written (`write_lake_tables`)."""
    said = _Statements()
    for ref in catalog.exports.values():
        said.view(f"raw.{ref.relation}", list(_selects(said, lake, ref, held_out, as_of)))
    for name in LAKE_TABLES:
        said.view(f"raw.lake__{name}", [said.table(f"lake__{name}", [_lake_table(lake, name)])])
    made_anew = ["create schema if not exists raw", f"drop schema if exists {FILES} cascade", f"create schema {FILES}"]
    return [*made_anew, *said.tables, *said.views]


def analytics_sources(files: Sequence[Path]) -> list[str]:
    """Statements that make schema `analytics` in Spark, over what was fitted; schema `raw` stands already."""
    said = _Statements()
    for file in files:
        said.view(f"analytics.{file.stem}", [said.table(f"analytics__{file.stem}", [file])])
    made_anew = [f"drop table if exists {FILES}.analytics__{file.stem}" for file in files]
    return ["create schema if not exists analytics", *made_anew, *said.tables, *said.views]


def write_lake_tables(con: duckdb.DuckDBPyConnection, lake: Lake) -> None:
    """The loader's own tables of an open warehouse as Parquet, where Spark finds them."""
    for name in LAKE_TABLES:
        file = _lake_table(lake, name)
        file.parent.mkdir(parents=True, exist_ok=True)
        con.execute(f"copy (from raw.lake__{name}) to {literal(str(file))} (format parquet)")


def _lake_table(lake: Lake, name: str) -> Path:
    return lake.spark_home / "lake" / f"{name}.parquet"


def _selects(said: _Statements, lake: Lake, ref: ExportRef, held_out: Mapping[str, str], as_of: date | None) -> Iterator[str]:
    """Files of today's contract as they are, portion by portion; older ones column by column, NULL for what they lack."""
    types, stock = bronze_types(ref.export), bronze_stock(lake, ref, held_out, as_of)
    current = stock.current or [bronze.empty_file(lake, ref)]
    for number, start in enumerate(range(0, len(current), FILES_PER_PATH)):
        yield said.table(f"{ref.relation}__{number}", current[start : start + FILES_PER_PATH], types)
    for file in stock.stale:
        there = parquet.read_schema(file).names
        columns = [f"try_cast({name if name in there else 'null'} as {spark_type(kind)}) as {name}" for name, kind in types.items()]
        yield f"select {', '.join(columns)} from parquet.`{_path([file])}`"


def _types(file: Path) -> dict[str, str]:
    with duckdb.connect() as con:
        return {row[0]: row[1] for row in con.execute(f"describe from {literal(str(file))}").fetchall()}


def spark_type(kind: str) -> str:
    """A bronze column's DuckDB type as Spark says it, lists of structs included."""
    if fields := re.fullmatch(r"STRUCT\((.*)\)\[\]", kind):
        inside = re.findall(r'"([^"]+)" ([A-Z]+(?:\([0-9,]+\))?)', fields[1])
        return f"array<struct<{', '.join(f'{name}: {spark_type(inner)}' for name, inner in inside)}>>"
    return SPARK_TYPES.get(kind, kind.lower())


def _path(files: Sequence[Path]) -> str:
    """Files of one folder as one path, their names as alternatives. Nothing but the named files is read."""
    folder, names = files[0].parent, [file.name for file in files]
    odd = [part for part in (str(folder), *names) if re.search(r"[\[\]{}?*,`'\\:]", part)]
    if odd:
        raise UnreadableByGlob(f"Spark cannot read {odd[0]}: rename the folder so that it has none of []{{}}?*,`'\\:")
    return f"{folder}/{names[0] if len(names) == 1 else '{' + ','.join(names) + '}'}"
