"""What a person should know of a delivery that was loaded all the same: drift of columns and words, and what was skipped."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import duckdb

from orchestration.lake.catalog import ExportRef
from orchestration.lake.parts import ReadResult
from orchestration.lake.rows import BLANK, HEADER, REPEATED, SUMMARY
from orchestration.lake.source_cells import SourceCells
from orchestration.lake.sql import identifier, literal

MOST_WORDS = 20  # unknown words told per column


def notes_on(
    con: duckdb.DuckDBPyConnection, ref: ExportRef, table: str, result: ReadResult, sources: Sequence[SourceCells]
) -> list[dict[str, Any]]:
    """{kind: missing_column | unknown_column | unknown_word | skipped | read, …}, in a fixed order."""
    found = [note for source in sources for note in source.notes]
    for name, column in ref.export.columns.items():
        if column.type == "enum":
            found += _unknown_words(con, table, name)
    kinds = {BLANK: "empty rows", REPEATED: "rows repeated word for word", HEADER: "header rows repeated"}
    for code, rows in con.execute(f"select _skip, count(*) from {table} where _skip is not null group by 1 order by 1").fetchall():
        what = kinds.get(code) or f"summary rows by `{ref.export.skip_rows[code - SUMMARY].column}`"
        found.append({"kind": "skipped", "what": what, "rows": rows})
    return found + [{"kind": "read", "what": text} for text in result.notes]


def _unknown_words(con: duckdb.DuckDBPyConnection, table: str, name: str) -> list[dict[str, Any]]:
    column = identifier(name)
    rows = con.execute(
        f"select {column}, count(*) from {table} where starts_with({column}, 'unknown:') and _skip is null "
        f"group by 1 order by 2 desc, 1 limit {literal(MOST_WORDS)}"
    ).fetchall()
    return [{"kind": "unknown_word", "column": name, "word": word.removeprefix("unknown:"), "rows": times} for word, times in rows]
