"""A look at a table for people: number of rows and its first ones as a Markdown table; who a row is about is not told.

Dagster keeps what it is shown for good, beyond any erasure: so it is never given a whole token or customer id.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import duckdb

from orchestration.lake.sql import identifier, literal

WHO = re.compile(r"[0-9a-f]{32,}|\bc[0-9a-f]{20}\b")  # a token (or any hash as long), a customer id
ROWS, WIDTH, TOLD = 5, 40, 4


@dataclass(frozen=True)
class TablePreview:
    """`rows` counts the whole table; `markdown` shows at most five of them."""

    rows: int
    markdown: str


def preview_tables(con: duckdb.DuckDBPyConnection, names: Iterable[tuple[str, ...]]) -> dict[tuple[str, ...], TablePreview]:
    """Previews of those `(schema, name)` that are tables; views are left out, because counting one means computing it."""
    tables = set(con.execute("select schema_name, table_name from duckdb_tables()").fetchall())
    return {name: preview_table(con, *name) for name in names if name in tables}


def preview_table(con: duckdb.DuckDBPyConnection, schema: str, name: str) -> TablePreview:
    """Rows and first rows of one table of the open database."""
    return preview_query(con, f"{identifier(schema)}.{identifier(name)}")


def preview_query(con: duckdb.DuckDBPyConnection, source: str) -> TablePreview:
    """The same for anything that can stand behind FROM."""
    count = con.execute(f"select count(*) from {source}").fetchone()
    first = con.execute(f"select * from {source} limit {ROWS}")
    columns = [column[0] for column in first.description]
    return TablePreview(rows=count[0] if count else 0, markdown=markdown_table(columns, first.fetchall()))


def markdown_table(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A Markdown table of the cells, each shortened by `shorten`."""
    lines = [list(columns), ["---"] * len(columns), *([shorten(cell) for cell in row] for row in rows)]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def hide(text: str) -> str:
    """The text with every token and customer id cut to its first 4 characters: enough to see two rows agree, too few to name anybody."""
    return WHO.sub(lambda who: who.group()[:TOLD] + "…", text)


def shorten(cell: object) -> str:
    """One cell as short text: NULL is blank, persons are hidden, other text keeps its first 40 characters."""
    if cell is None:
        return ""
    text = hide(str(cell)).replace("|", "¦").replace("\n", " ")
    return text if len(text) <= WIDTH else text[: WIDTH - 1] + "…"


def preview_file(path: Path) -> TablePreview:
    """The same for one Parquet file."""
    with _engine().cursor() as con:
        return preview_query(con, f"read_parquet({literal(str(path))})")


@cache
def _engine() -> duckdb.DuckDBPyConnection:
    """One for all files of the process, on one thread: opening an engine and waking its threads costs more than the five rows."""
    return duckdb.connect(config={"threads": 1})
