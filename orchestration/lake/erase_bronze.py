"""Taking people out of loaded files: each bronze file of theirs is written again aside, under its own name, and put in its place.

Here: bronze and its receipts. Not here: SQL over rows (`suppression`), originals (`erase_landing`). Quarantine keeps only shapes of
rows (no letter, no digit as it was), so there is nobody in it.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

import duckdb

from orchestration.lake.bronze import bronze_folder, quarantine_folder, write_parquet
from orchestration.lake.catalog import Catalog, ExportRef
from orchestration.lake.damage import remember_written
from orchestration.lake.layout import Lake
from orchestration.lake.receipt import Receipt, read_receipt
from orchestration.lake.sql import literal
from orchestration.lake.suppression import Cleared, cleared, named, with_erased


@dataclass(frozen=True)
class Found:
    """One delivery that speaks of somebody who is to be forgotten. `lines`: (part, line) of the rows."""

    ref: ExportRef
    receipt: Receipt
    file: Path
    lines: frozenset[tuple[str | None, int]]


def find_people(lake: Lake, catalog: Catalog, tokens: Collection[str]) -> list[Found]:
    """Every loaded delivery with a row that carries one of the tokens, by export and file name."""
    found = []
    with duckdb.connect() as con:
        for ref in catalog.exports.values():
            for file in sorted(bronze_folder(lake, ref).glob("*.*.parquet")):
                source, receipt = f"read_parquet({literal(str(file))})", read_receipt(file)
                if receipt and cleared(con, ref, source, named(tokens)):
                    found.append(Found(ref, receipt, file, _lines(con, source, tokens)))
    return found


def erase_bronze(lake: Lake, found: Found, tokens: Collection[str]) -> Cleared | None:
    """Write the file again without these people; its receipt counts erased rows as skipped."""
    with duckdb.connect() as con:
        source = f"(select * from read_parquet({literal(str(found.file))}))"
        rows = cleared(con, found.ref, source, named(tokens))
        if rows:
            write_parquet(con, rows.query, found.file, with_erased(found.receipt, rows))
            remember_written(bronze_folder(lake, found.ref), quarantine_folder(lake, found.ref))
        return rows


def _lines(con: duckdb.DuckDBPyConnection, source: str, tokens: Collection[str]) -> frozenset[tuple[str | None, int]]:
    """Rows that carry a token anywhere, lists included: the row as text is searched."""
    wanted = "|".join(sorted(tokens))
    query = f"select _part, _line from {source} as bronze where regexp_matches(cast(bronze as varchar), {literal(wanted)})"
    return frozenset(con.execute(query).fetchall())
