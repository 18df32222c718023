"""Events that are never restated: the same key twice in one delivery. A word-for-word repeat (a retried push) is skipped and told,
a repeat that says something else is bad."""

from __future__ import annotations

from collections.abc import Sequence

import duckdb

from orchestration.lake.catalog import ExportRef
from orchestration.lake.facts import Facts
from orchestration.lake.rows import REPEATED, Reason
from orchestration.lake.sql import identifier

CONFLICT = "repeats the key of an earlier row with other values"


def set_repeats_aside(con: duckdb.DuckDBPyConnection, ref: ExportRef, table: str, facts: Facts, reasons: Sequence[Reason]) -> list[Reason]:
    """Mark repeats in the judged rows; the reasons, with the conflict added where it is needed."""
    export = ref.export
    if export.restates.by != "never" or export.key == ("line_number",) or "ordinal" in export.key:
        return list(reasons)
    holes = facts.holes("")
    key = ", ".join(holes[part] if part in holes else identifier(part) for part in export.key)
    con.execute(f"alter table {table} add column _is_repeat integer")
    values = ", ".join(identifier(name) for name in export.columns)
    con.execute(
        f"""update {table} set _is_repeat = found.how from (
            select row, case when said = first_said then 1 else 2 end as how from (
                select rowid as row, hash({values}) as said,
                    row_number() over (partition by {key} order by _part_no, _line) as place,
                    first_value(hash({values})) over (partition by {key} order by _part_no, _line) as first_said
                from {table} where _bad is null and _skip is null
            ) where place > 1
        ) as found where {table}.rowid = found.row"""
    )
    con.execute(f"update {table} set _skip = {REPEATED} where _is_repeat = 1")
    con.execute(f"update {table} set _bad = {len(reasons)} where _is_repeat = 2")
    return [*reasons, Reason(export.key[-1], CONFLICT)]
