"""Control totals: what a file says of itself (summary rows, footer) against what was read from it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

import duckdb

from orchestration.lake import header
from orchestration.lake.catalog import ExportRef
from orchestration.lake.parts import Part
from orchestration.lake.rows import SUMMARY
from orchestration.lake.sql import identifier

NUMBERS = ("money", "decimal", "integer")


def control_totals(con: duckdb.DuckDBPyConnection, ref: ExportRef, table: str, parts: Sequence[Part]) -> list[dict[str, Any]]:
    """Every stated total with what the records of its part add up to: {column, rule, stated, found, ok, line, part}."""
    wanted = {column for rule in ref.export.skip_rows for column in rule.control}
    if ref.export.footer:
        wanted |= {column for column in ref.export.footer.totals.values() if column != "rows"}
    wanted = {column for column in wanted if ref.export.columns[column].type in NUMBERS}
    if not wanted and not ref.export.footer:
        return []
    sums = _sums(con, table, sorted(wanted))
    totals = [
        _control(column, rule.control[column], value, sums.get(part_no, {}).get(column), line, parts[part_no].name)
        for index, rule in enumerate(ref.export.skip_rows) for column in rule.control if column in wanted
        for part_no, line, value in con.execute(
            f"select _part_no, _line, {identifier(column)} from {table} where _skip = {SUMMARY + index} order by all"
        ).fetchall()
        if value is not None
    ]  # fmt: skip
    for part_no, part in enumerate(parts):
        totals += _footer(ref, part, sums.get(part_no, {}))
    return totals


def _sums(con: duckdb.DuckDBPyConnection, table: str, columns: Sequence[str]) -> dict[int, dict[str, Decimal]]:
    """Per part: the sum of each column over its records, and `rows`."""
    added = "".join(f", sum({identifier(column)})" for column in columns)
    rows = con.execute(f"select _part_no, count(*){added} from {table} where _skip is null and _bad is null group by _part_no").fetchall()
    return {row[0]: dict(zip(("rows", *columns), (Decimal(str(value or 0)) for value in row[1:]), strict=True)) for row in rows}


def _footer(ref: ExportRef, part: Part, sums: Mapping[str, Decimal]) -> list[dict[str, Any]]:
    """The footer's first line names the totals, the next holds them."""
    footer = ref.export.footer
    if footer is None or len(part.footer) < 2:
        return []
    (_, names), (line, values) = part.footer[:2]
    wanted = {header.normalise(name): column for name, column in footer.totals.items()}
    found = [(wanted.get(header.normalise(name.lstrip("`"))), value) for name, value in zip(names, values, strict=False)]
    return [
        _control(column, footer.control, _number(value), sums.get(column), line, part.name)
        for column, value in found
        if column == "rows" or (column is not None and ref.export.columns[column].type in NUMBERS)
    ]


def _control(column: str, rule: str, stated: Any, found: Decimal | None, line: int, part: str | None) -> dict[str, Any]:
    """`equal` must agree, `at_least` may state more than the rows show (spend of no product), `report` is only told."""
    added = found or Decimal(0)
    if stated is None:
        is_kept = rule == "report"
    else:
        said = Decimal(str(stated))
        is_kept = {"equal": said == added, "at_least": said >= added, "report": True}[rule]
    place = {"line": line, **({"part": part} if part else {})}
    return {"column": column, "rule": rule, "stated": None if stated is None else str(stated), "found": str(added), "ok": is_kept, **place}


def _number(text: str) -> Decimal | None:
    try:
        return Decimal(text.strip().lstrip("`'").replace(",", "").replace("¥", "").replace("￥", ""))
    except InvalidOperation:
        return None
