"""The original of a refused row, read back from the file in landing: the only place that may show what a platform really wrote.

Here: finding line, sheet row or record by the numbers that quarantine keeps. Not here: why it was refused.
"""

from __future__ import annotations

import gzip
import io
import json
import zipfile
from itertools import islice
from pathlib import Path
from typing import BinaryIO

import fastexcel

from orchestration.lake.containers import detect
from orchestration.lake.encoding import bom

WIDTH = 2000  # bytes of a line that are shown


def original_row(path: Path, number: int, part: str | None) -> str | None:
    """Row `number` (1-based: physical line, sheet row) of a delivered file; `part` is its sheet or zip member.

    None where the file has no lines to show (a JSON page's records are counted, not placed) or no longer has that row.
    """
    kind = detect(path)
    if kind in ("xlsx", "xls"):
        return _sheet_row(path, number, part)
    if kind == "zip":
        return _zip_row(path, number, part)
    if kind == "gzip":
        with gzip.open(path, "rb") as unpacked:
            return _line(unpacked, number)
    if kind != "csv" and not (kind == "json" and _is_lines(path)):
        return None
    with path.open("rb") as file:
        return _line(file, number)


def _zip_row(path: Path, number: int, part: str | None) -> str | None:
    with zipfile.ZipFile(path) as archive:
        names = [name for name in archive.namelist() if part is None or part in (name, Path(name).name)]
        if not names:
            return None
        with archive.open(names[0]) as member:
            return _line(io.BufferedReader(member), number)


def _line(file: BinaryIO, number: int) -> str | None:
    """One physical line; read as UTF-16 if the file is marked so, else as UTF-8, else as GB18030, the unreadable shown as �."""
    stream = io.BufferedReader(file)  # type: ignore[arg-type]
    marked = bom(stream.peek(4)[:4])
    if marked and marked[0].startswith("utf-16"):
        lines = io.TextIOWrapper(stream, "utf-16", errors="replace", newline="\n")
        found_text = next(islice(lines, number - 1, None), None)
        return None if found_text is None else found_text.rstrip("\r\n")[:WIDTH]
    found = next(islice(stream, number - 1, None), None)
    return None if found is None else _decoded(found.rstrip(b"\r\n")[:WIDTH])


def _decoded(line: bytes) -> str:
    try:
        return line.decode("utf-8-sig")
    except UnicodeDecodeError:
        return line.decode("gb18030", errors="replace")


def _is_lines(path: Path) -> bool:
    """Whether a JSON file is one object per line, rather than one document."""
    with path.open("rb") as file:
        first = file.readline()
        if not file.readline().strip():
            return False
    try:
        json.loads(first)
    except ValueError:
        return False
    return True


def _sheet_row(path: Path, number: int, part: str | None) -> str | None:
    book = fastexcel.read_excel(path)
    sheet = part if part in book.sheet_names else 0
    rows = book.load_sheet(sheet, header_row=None, skip_rows=number - 1, n_rows=1, dtypes="string").to_arrow().to_pylist()
    return " | ".join("" if cell is None else str(cell) for cell in rows[0].values())[:WIDTH] if rows else None
