"""What Spark reads, as SQL: one view per export over its bronze Parquet, named file by file, and what the loader says of itself.

Belongs here: the same rows as schema `raw` of the warehouse, in Spark's words. Does not: which files count (raw), running SQL (defs).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
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


class UnreadableByGlob(ValueError):
    """A path holds a character that has a meaning in Spark's file patterns, where no way of quoting is dependable."""


def spark_sources(lake: Lake, catalog: Catalog, held_out: Mapping[str, str], as_of: date | None, analytics: Sequence[Path]) -> list[str]:
    """Statements that make schemas `raw` and `analytics` in Spark. The lake's own tables must stand in the warehouse (`raw.register`)."""
    views = {f"raw.{ref.relation}": "\nunion all\n".join(_selects(lake, ref, held_out, as_of)) for ref in catalog.exports.values()}
    views |= {f"raw.lake__{name}": f"select * from {_files([_lake_table(lake, name)])}" for name in LAKE_TABLES}
    views |= {f"analytics.{file.stem}": f"select * from {_files([file])}" for file in analytics}
    schemas = [f"create schema if not exists {name}" for name in ("raw", "analytics")]
    return schemas + [f"create or replace view {name} as\n{query}" for name, query in views.items()]


def write_lake_tables(con: duckdb.DuckDBPyConnection, lake: Lake) -> None:
    """The loader's own tables of an open warehouse as Parquet, where Spark finds them."""
    for name in LAKE_TABLES:
        file = _lake_table(lake, name)
        file.parent.mkdir(parents=True, exist_ok=True)
        con.execute(f"copy (from raw.lake__{name}) to {literal(str(file))} (format parquet)")


def _lake_table(lake: Lake, name: str) -> Path:
    return lake.spark_home / "lake" / f"{name}.parquet"


def _selects(lake: Lake, ref: ExportRef, held_out: Mapping[str, str], as_of: date | None) -> Iterator[str]:
    """Files of today's contract as they are, portion by portion; older ones column by column, NULL for what they lack."""
    types, stock = bronze_types(ref.export), bronze_stock(lake, ref, held_out, as_of)
    current = stock.current or [bronze.empty_file(lake, ref)]
    for start in range(0, len(current), FILES_PER_PATH):
        yield f"select {', '.join(types)} from {_files(current[start : start + FILES_PER_PATH])}"
    for file in stock.stale:
        there = parquet.read_schema(file).names
        columns = [f"try_cast({name if name in there else 'null'} as {spark_type(kind)}) as {name}" for name, kind in types.items()]
        yield f"select {', '.join(columns)} from {_files([file])}"


def spark_type(kind: str) -> str:
    """A bronze column's DuckDB type as Spark says it, lists of structs included."""
    if fields := re.fullmatch(r"STRUCT\((.*)\)\[\]", kind):
        inside = re.findall(r'"([^"]+)" ([A-Z]+(?:\([0-9,]+\))?)', fields[1])
        return f"array<struct<{', '.join(f'{name}: {spark_type(inner)}' for name, inner in inside)}>>"
    return SPARK_TYPES.get(kind, kind.lower())


def _files(files: Sequence[Path]) -> str:
    """Files of one folder as a relation of Spark: one path, the names as alternatives. Nothing but the named files is read."""
    folder, names = files[0].parent, [file.name for file in files]
    odd = [part for part in (str(folder), *names) if re.search(r"[\[\]{}?*,`\\:]", part)]
    if odd:
        raise UnreadableByGlob(f"Spark cannot read {odd[0]}: rename the folder so that it has none of []{{}}?*,`\\:")
    return f"parquet.`{folder}/{names[0] if len(names) == 1 else '{' + ','.join(names) + '}'}`"
