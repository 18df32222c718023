"""Blanking a person's cells in a delivered file, in the container it came in. The delivery keeps the hash it was delivered under.

Rows of money lose every cell but those that the contract reads without personal data; all other rows lose every cell, and count as
blank ones when the file is loaded again. Line numbers stay. A container that cannot be blanked in place (old workbooks, web pages,
Parquet) is removed: what was loaded from it stays.
"""

from __future__ import annotations

import gzip
import os
import zipfile
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from orchestration.lake import header
from orchestration.lake.containers import JUNK, _shown_name, detect
from orchestration.lake.contract import Column, Export
from orchestration.lake.csv_records import join
from orchestration.lake.durable import sync
from orchestration.lake.erase_json import blank_json
from orchestration.lake.erase_sheets import blank_workbook
from orchestration.lake.parts import Part

Lines = Mapping[str | None, Collection[int]]  # part → physical lines, sheet rows
Mine = Callable[[str], bool]  # whether a text is a key of the person


class NotInPlace(Exception):
    """This container cannot be blanked in place."""


@dataclass(frozen=True)
class Blanking:
    """How one delivery is blanked. `parts` are what its readers saw; `encoding` of its texts."""

    export: Export
    keeps_rows: bool
    lines: Lines
    mine: Mine
    parts: tuple[Part, ...]
    encoding: str | None

    def kept_cells(self, part: Part) -> frozenset[int]:
        """Indexes of cells that may stay in a row of money: read by the contract, and neither key nor free text."""
        if not self.keeps_rows or part.kind != "tabular":
            return frozenset()
        columns = header.match(part.headers, self.export).columns
        harmless = {name for name, column in self.export.columns.items() if _is_harmless(column)}
        private = {index for name, index in columns.items() if name not in harmless}
        return frozenset(index for name, index in columns.items() if name in harmless) - private


def _is_harmless(column: Column) -> bool:
    return column.type not in ("free_text", "list", "tags", "region") and (column.identity is None or column.identity.clear)


def blanked(path: Path, how: Blanking) -> Path:
    """The file written again aside, hidden beside the original: where it is. Raises NotInPlace."""
    data = _blanked(path.read_bytes(), path, how, None)
    aside = path.with_name(f".{path.name}.part")
    aside.write_bytes(data)
    return aside


def put_in_place(aside: Path, path: Path) -> None:
    """The blanked file takes the original's place, in one step."""
    aside.chmod(path.stat().st_mode)
    sync(aside)
    os.replace(aside, path)
    sync(path.parent)


def _blanked(data: bytes, path: Path, how: Blanking, member: str | None) -> bytes:
    kind = detect(path)
    if kind == "gzip":
        return _through_a_file(gzip.decompress(data), path, how, member, lambda plain: gzip.compress(plain, mtime=0))
    if kind == "zip":
        return _archive(data, path, how)
    if kind == "csv":
        return _text(data, how, member)
    if kind == "json":
        return blank_json(data, how.encoding or "utf-8", how.export, how.keeps_rows, how.mine)
    if kind == "xlsx":
        sheets = {name: how.kept_cells(part) for part in how.parts if (name := _sheet(part.name, member)) is not None}
        rows = {name: lines for part, lines in how.lines.items() if (name := _sheet(part, member)) is not None}
        return blank_workbook(data, sheets, rows)
    raise NotInPlace(kind)


def _through_a_file(plain: bytes, near: Path, how: Blanking, member: str | None, pack: Callable[[bytes], bytes]) -> bytes:
    """Unpacked content is looked at like a file, so it becomes one for a moment, beside the original in landing."""
    inner = near.with_name(f".{near.name}.inner.part")
    inner.write_bytes(plain)
    try:
        return pack(_blanked(plain, inner, how, member))
    finally:
        inner.unlink()


def _archive(data: bytes, path: Path, how: Blanking) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as archive, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for info in archive.infolist():
            content, name = archive.read(info), _shown_name(info)
            touched = [part for part in how.lines if part is not None and (part == name or part.startswith(f"{name}/"))]
            if touched and not info.is_dir() and not JUNK.search(info.filename):
                content = _through_a_file(content, path, how, name, lambda plain: plain)
            packed.writestr(info, content)
    return out.getvalue()


def _text(data: bytes, how: Blanking, member: str | None) -> bytes:
    """Delimited lines; the bytes of all other lines stay as they were."""
    part = next((part for part in how.parts if part.name == member), how.parts[0])
    kept, encoding, delimiter = how.kept_cells(part), how.encoding or "utf-8", how.export.delimiter
    if encoding.startswith("utf-16"):
        raise NotInPlace(encoding)
    lines = data.split(b"\n")

    def line_at(number: int) -> str | None:
        return lines[number - 1].decode(encoding, "replace") if number <= len(lines) else None

    for number in sorted(how.lines.get(part.name, ())):
        record = join(line_at, number, delimiter, 100, lambda _fields: True)
        end = b"\r" if lines[number - 1].endswith(b"\r") else b""
        cells = [_quoted(cell, delimiter) if index in kept else "" for index, cell in enumerate(record.fields)]
        lines[number - 1] = delimiter.join(cells).encode(encoding, "replace") + end
        lines[number : number + record.lines - 1] = [end] * (record.lines - 1)  # a record of several lines keeps their number
    return b"\n".join(lines)


def _quoted(cell: str, delimiter: str) -> str:
    needs = any(mark in cell for mark in (delimiter, '"', "\n")) and not cell.startswith("=")
    return '"' + cell.replace('"', '""') + '"' if needs else cell


def _sheet(part: str | None, member: str | None) -> str | None:
    """The sheet's own name in the part's name, if the part belongs to this member."""
    if member is None:
        return part
    return part.removeprefix(f"{member}/") if part and part.startswith(f"{member}/") else None
