"""Delivered files in the containers and encodings that platforms really use, made from readable text at test time.

Belongs here: text → GBK, BOM, CRLF, gzip, zip, xlsx. Does not: what stands in the text (tests/fixtures).
"""

from __future__ import annotations

import csv
import gzip
import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from builders.xlsx import write_xlsx

SHEET = "[[sheet "  # a line `[[sheet 订单1]]` begins the next sheet of a workbook


@dataclass(frozen=True)
class Container:
    """How a text becomes a file. `dimension` is written into a workbook as given, true or not."""

    encoding: str = "utf-8"
    bom: bool = False
    crlf: bool = False
    dimension: str | None = None


def deliver(text: str, path: Path, container: Container) -> Path:
    """Write `text` to `path`; the ending says what it is packed in: .xlsx, .gz, .zip, else a plain file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.suffix == ".xlsx":
        return write_xlsx(path, sheets_of(text), dimension=container.dimension)
    data = _encoded(text, container)
    if path.suffix == ".gz":
        path.write_bytes(gzip.compress(data, mtime=0))
    elif path.suffix == ".zip":
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(zipfile.ZipInfo(f"{path.stem}.csv"), data)
    else:
        path.write_bytes(data)
    return path


def sheets_of(text: str) -> dict[str, Sequence[Sequence[str | None]]]:
    """The sheets of a workbook written as CSV; an empty cell is no cell, as platforms write them."""
    sheets: dict[str, list[str]] = {}
    name = "Sheet1"
    for line in text.splitlines(keepends=True):
        if line.startswith(SHEET):
            name = line.strip().removeprefix(SHEET).removesuffix("]]")
        else:
            sheets.setdefault(name, []).append(line)
    return {name: [[cell or None for cell in row] for row in csv.reader(io.StringIO("".join(lines)))] for name, lines in sheets.items()}


def _encoded(text: str, container: Container) -> bytes:
    if container.crlf:
        text = text.replace("\n", "\r\n")
    mark = "\ufeff" if container.bom else ""
    return (mark + text).encode(container.encoding)
