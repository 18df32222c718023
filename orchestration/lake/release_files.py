"""The files of one release: a DuckDB file that older tools can open, and every table as Parquet beside it.

Here: copying finished tables in the order of their grain, with comments, and proving that nothing was lost on the way.
Not here: which tables are good enough (the gate), which release readers see (`releases`).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

import duckdb
import pyarrow as pa

from orchestration.lake.engine import open_engine
from orchestration.lake.sql import literal

FILE_NAME = "fishpond.duckdb"
STORAGE = "v1.2.0"  # what DuckDB 2.0 writes by itself no 1.x tool can open
Grains = Mapping[str, Sequence[str]]  # `schema.table` → the columns that name one of its rows


class ReleaseBroken(RuntimeError):
    """A copied table is not the table it was copied from."""


def write_release_files(
    folder: Path, warehouse: Path, tables: Grains, extra_tables: Mapping[str, pa.Table], comments: Mapping[str, str],
) -> dict[str, int]:
    """Write `fishpond.duckdb` and `parquet/<schema>/<table>.parquet` into `folder`; the row count of every table.

    `tables` are copied from the warehouse sorted by grain (by all columns where the grain is empty) with the comments they
    have there; `extra_tables` come as they are. `comments` is keyed `schema.table` and `schema.table.column`, and wins.
    """
    if both := sorted(set(tables) & set(extra_tables)):
        raise ReleaseBroken(f"in the warehouse and given beside it: {', '.join(both)}")
    with open_engine() as con:
        con.execute(f"set temp_directory = {literal(str(folder / '.spill'))}")
        con.execute(f"attach {literal(str(warehouse))} as source (read_only)")
        con.execute(f"attach {literal(str(folder / FILE_NAME))} as release (storage_version '{STORAGE}')")
        for schema in sorted({name.partition(".")[0] for name in (*tables, *extra_tables)}):
            con.execute(f"create schema release.{schema}")
            (folder / "parquet" / schema).mkdir(parents=True)
        for name, grain in sorted(tables.items()):
            con.execute(f"create table release.{name} as select * from source.{name} order by {', '.join(grain) or 'all'}")
        for name, rows in sorted(extra_tables.items()):
            con.register("extra_rows", rows)
            con.execute(f"create table release.{name} as select * from extra_rows")
            con.unregister("extra_rows")
        put_comments(con, {**comments_of(con, tables), **comments})
        for name in (*tables, *extra_tables):
            con.execute(f"copy release.{name} to {literal(str(parquet_file(folder, name)))} (format parquet, compression zstd)")
        rows = _verified(con, folder, tables, extra_tables)
        con.execute("checkpoint release")
        con.execute("detach release")
    if (folder / ".spill").exists():
        (folder / ".spill").rmdir()
    return rows


def count_rows(database: Path, tables: Sequence[str] | Grains) -> dict[str, int]:
    """Rows of every table of a database file."""
    with duckdb.connect(str(database), read_only=True) as con:
        return {name: _count(con, name) for name in tables}


def parquet_file(folder: Path, table: str) -> Path:
    """Where a release keeps `schema.table` as Parquet."""
    schema, _, name = table.partition(".")
    return folder / "parquet" / schema / f"{name}.parquet"


def comments_of(con: duckdb.DuckDBPyConnection, tables: Collection[str]) -> dict[str, str]:
    """Comments on these tables and their columns in the attached `source`, keyed `schema.table` and `schema.table.column`."""
    said = con.execute("""
        select schema_name || '.' || table_name, comment from duckdb_tables() where database_name = 'source' and comment is not null
        union all
        select schema_name || '.' || table_name || '.' || column_name, comment
        from duckdb_columns() where database_name = 'source' and comment is not null""").fetchall()
    return {name: text for name, text in said if ".".join(name.split(".")[:2]) in tables}


def put_comments(con: duckdb.DuckDBPyConnection, comments: Mapping[str, str]) -> None:
    """Write comments on whatever the attached `release` has of these names; in one go, since each alone is forced to disk (5 s for 850)."""
    query = "select schema_name || '.' || table_name, column_name from duckdb_columns() where database_name = 'release'"
    known = con.execute(query).fetchall()
    names = {table for table, _ in known} | {f"{table}.{column}" for table, column in known}
    con.execute("begin")
    for name in sorted(set(comments) & names):
        kind = "table" if name.count(".") == 1 else "column"
        con.execute(f"comment on {kind} release.{name} is {literal(comments[name])}")
    con.execute("commit")


def _verified(con: duckdb.DuckDBPyConnection, folder: Path, tables: Grains, extra_tables: Mapping[str, pa.Table]) -> dict[str, int]:
    expected = {name: _count(con, f"source.{name}") for name in tables} | {name: rows.num_rows for name, rows in extra_tables.items()}
    for name, rows in expected.items():
        copied, in_parquet = _count(con, f"release.{name}"), _count(con, f"read_parquet({literal(str(parquet_file(folder, name)))})")
        if not rows == copied == in_parquet:
            raise ReleaseBroken(f"{name}: {rows} rows, but {copied} in {FILE_NAME} and {in_parquet} in Parquet")
    return dict(sorted(expected.items()))


def _count(con: duckdb.DuckDBPyConnection, relation: str) -> int:
    return con.execute(f"select count(*) from {relation}").fetchall()[0][0]

