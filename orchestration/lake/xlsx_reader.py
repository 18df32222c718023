"""Workbooks (.xlsx, .xlsb, .ods, old .xls) as relations: every sheet that carries the header is a part of its own.

Cells come as text: dates as ISO text, whole numbers as digits. The sheet's stated <dimension> is not believed (fastexcel reads the
cells). A long number that Excel kept as a NUMBER has lost its last digits; its text is given in scientific notation, as Excel shows
it, so that the loader's damage rule sees it. Does not: typing.
"""

from __future__ import annotations

import re
from pathlib import Path

import duckdb
import fastexcel
import pyarrow as pa

from orchestration.lake import header
from orchestration.lake.containers import check_workbook
from orchestration.lake.contract import Export
from orchestration.lake.header import NoHeader
from orchestration.lake.parts import Limits, Part, count, fresh, new_rejects
from orchestration.lake.refusal import Refused
from orchestration.lake.sheet_numbers import long_numbers

ENCRYPTED = ("password", "encrypt")


def read_workbook(
    con: duckdb.DuckDBPyConnection, path: Path, kind: str, export: Export, limits: Limits, member: str | None
) -> tuple[list[Part], list[str]]:
    """(parts, notes on sheets passed over). Raises Refused; NoHeader when no sheet carries the header."""
    if kind == "xlsx":
        check_workbook(path, limits)
    elif b"E\x00n\x00c\x00r\x00y\x00p\x00t\x00e\x00d\x00P\x00a\x00c\x00k\x00a\x00g\x00e" in _directory(path):
        raise Refused("the workbook is protected by a password: save it without one")
    try:
        book = fastexcel.read_excel(path.read_bytes())
    except fastexcel.FastExcelError as error:
        locked = any(word in str(error).lower() for word in ENCRYPTED)
        why = "protected by a password: save it without one" if locked else f"damaged ({str(error).splitlines()[0]}): export it again"
        raise Refused(f"the workbook is {why}") from None
    wanted = [name for name in book.sheet_names if export.sheets is None or re.search(export.sheets, name)]
    if not wanted:
        raise NoHeader(f"no sheet is named like {export.sheets!r}; the workbook has {'、'.join(book.sheet_names)}")
    parts, notes, first_reason = [], [f"sheet {name} is not asked for" for name in book.sheet_names if name not in wanted], None
    for name in wanted:
        try:
            part = _read_sheet(con, book, path, kind, name, export, member)
        except NoHeader as error:
            first_reason = first_reason or error.reason
            notes.append(f"sheet {name} passed over: {error.reason}")
        else:
            parts.append(part)
    if not parts:
        raise NoHeader(first_reason or "the workbook has no sheet")
    return parts, notes


def _read_sheet(
    con: duckdb.DuckDBPyConnection, book: fastexcel.ExcelReader, path: Path, kind: str, name: str, export: Export, member: str | None
) -> Part:
    try:
        batch = book.load_sheet(name, header_row=None, skip_rows=0, dtypes="string").to_arrow()
    except fastexcel.FastExcelError as error:
        raise Refused(f"sheet {name} is damaged ({str(error).splitlines()[0]}): export it again") from None
    rows = [["" if cell is None else cell for cell in row.values()] for row in _head(batch)]
    at = header.find(rows, export)
    columns = [batch.column(index) for index in range(batch.num_columns)]
    for index, spoiled in long_numbers(book, path, kind, name, columns, at + 1).items():
        columns[index] = _mark(columns[index], spoiled)
    table = pa.table([pa.array(range(1, batch.num_rows + 1), pa.int64()), *columns], names=["_line", *_cells(len(columns))])
    relation = _store(con, table, at + 1, len(columns))
    label = name if member is None else f"{member}/{name}"
    return Part(label, "tabular", relation, rows[at], new_rejects(con), [], count(con, relation))


def _head(batch: pa.RecordBatch) -> list[dict]:
    """The first rows, under names that cannot collide."""
    head = batch.slice(0, header.SEARCHED)
    return pa.record_batch(head.columns, names=_cells(batch.num_columns)).to_pylist()


def _store(con: duckdb.DuckDBPyConnection, table: pa.Table, header_line: int, width: int) -> str:
    """The rows below the header as a temp table; rows without any cell are blank lines."""
    relation, stream = fresh("rows"), fresh("stream")
    con.register(stream, table)
    cells = ", ".join(f"coalesce({cell}, '') as {cell}" for cell in _cells(width))
    con.execute(
        f"create temp table {relation} as select _line, {cells} from {stream} "
        f"where _line > {header_line} and coalesce({', '.join(_cells(width))}) is not null order by _line"
    )
    con.unregister(stream)
    return relation


def _mark(column: pa.Array, spoiled: set[int]) -> pa.Array:
    """The column with the given rows in scientific notation, as Excel shows them."""
    return pa.array([_scientific(cell) if row in spoiled else cell for row, cell in enumerate(column.to_pylist())], pa.string())


def _scientific(text: str) -> str:
    return f"{float(text):.5E}"


def _cells(width: int) -> list[str]:
    return [f"c{index}" for index in range(width)]


def _directory(path: Path) -> bytes:
    """The end and the start of an OLE2 file: its directory names its streams."""
    size = path.stat().st_size
    with path.open("rb") as file:
        start = file.read(1 << 20)
        file.seek(max(0, size - (1 << 20)))
        return start + file.read()
