"""Long ids that a spreadsheet read as numbers: it keeps fifteen digits and writes zeros for the rest, so two orders become one.

No single id tells: one in ten thousand ends in four zeros by itself. So the ids of a whole delivery are looked at together, and only those
of seventeen digits and more: systems that count in tens exist, so one zero at the end of sixteen digits proves nothing.
"""

from __future__ import annotations

from collections.abc import Sequence

import duckdb

from orchestration.lake.catalog import ExportRef
from orchestration.lake.rows import Reason
from orchestration.lake.scrub import shape
from orchestration.lake.sql import identifier

ZEROED = "was damaged by a spreadsheet (its digits after the fifteenth are 0): export it again as text"
LONG = "[0-9]{17,24}"
TAIL = "[0-9]{15}00+"
LEAST_ZEROS = 6  # digits that are 0 where any of ten may stand: a chance of one in a million
LEAST_SHARE = 0.9  # a spreadsheet that reads a column as numbers spares none of it


def set_zeroed_ids_aside(con: duckdb.DuckDBPyConnection, ref: ExportRef, table: str, reasons: Sequence[Reason]) -> list[Reason]:
    """Mark rows whose id lost its end, in columns where nearly all long ids did; the reasons, with theirs added."""
    ids = [name for name, column in ref.export.columns.items() if column.type == "id" and column.constant is None]
    if not ids:
        return list(reasons)
    counts = []
    for name in map(identifier, ids):
        lost = f"case when strlen({name}) >= 17 then regexp_full_match({name}, '{TAIL}') else false end"
        long = f"case when strlen({name}) >= 17 then regexp_full_match({name}, '{LONG}') else false end"
        counts.append(f"[count(*) filter ({long}), count(*) filter ({lost})]")
    row = con.execute(f"select {', '.join(counts)} from {table} where _skip is null and _bad is null").fetchone()
    found = list(reasons)
    for name, (long, lost) in zip(ids, row or (), strict=True):
        cell = identifier(name)
        if lost and lost >= LEAST_SHARE * long and _zeros(con, table, cell) >= LEAST_ZEROS:
            con.execute(
                f"update {table} set _bad = {len(found)}, _shape = {shape(cell)} "
                f"where _skip is null and _bad is null and regexp_full_match({cell}, '{TAIL}')"
            )
            found.append(Reason(name, ZEROED))
    return found


def _zeros(con: duckdb.DuckDBPyConnection, table: str, cell: str) -> int:
    """Zeros at the ends of different ids: one id that ends so by itself may stand on every row."""
    one_each = f"select distinct {cell} as id from {table} where _skip is null and _bad is null and regexp_full_match({cell}, '{TAIL}')"
    row = con.execute(f"select sum(strlen(id) - 15) from ({one_each})").fetchone()
    return int(row[0] or 0) if row else 0
