"""Smallest real old workbooks (.xls): BIFF8 records in an OLE2 container, one sheet of texts and numbers.

Layouts after Microsoft's [MS-CFB] and [MS-XLS]. A cell is a text, a float or None. Not a general writer: no formats, no shared strings.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from pathlib import Path

SECTOR = 512
FREE, END, FAT_SECTOR = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
Cell = str | float | None


def write_xls(path: Path, name: str, rows: Sequence[Sequence[Cell]]) -> Path:
    """Write one sheet."""
    path.write_bytes(compound("Workbook", _workbook(name, rows)))
    return path


def _workbook(name: str, rows: Sequence[Sequence[Cell]]) -> bytes:
    begin_book = _record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0005, 0x0DBB, 0x07CC, 0, 6))
    code_page, end = _record(0x0042, struct.pack("<H", 1200)), _record(0x000A, b"")
    label = struct.pack("<BB", len(name), 1) + name.encode("utf-16-le")
    sheet_at = len(begin_book) + len(code_page) + 4 + 6 + len(label) + len(end)
    listed = _record(0x0085, struct.pack("<IH", sheet_at, 0) + label)
    begin_sheet = _record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0010, 0x0DBB, 0x07CC, 0, 6))
    cells = b"".join(_cell(row, column, cell) for row, cells in enumerate(rows) for column, cell in enumerate(cells))
    return begin_book + code_page + listed + end + begin_sheet + cells + end


def _cell(row: int, column: int, cell: Cell) -> bytes:
    if cell is None:
        return b""
    place = struct.pack("<HHH", row, column, 0)
    if isinstance(cell, str):
        return _record(0x0204, place + struct.pack("<HB", len(cell), 1) + cell.encode("utf-16-le"))
    return _record(0x0203, place + struct.pack("<d", cell))


def _record(kind: int, data: bytes) -> bytes:
    return struct.pack("<HH", kind, len(data)) + data


def compound(name: str, stream: bytes) -> bytes:
    """An OLE2 file with one stream: header, one FAT sector, one directory sector, the stream (at least 4096 bytes: no mini stream)."""
    stream = stream.ljust(4096, b"\0")
    sectors = -(-len(stream) // SECTOR)
    chain = [FAT_SECTOR, END, *range(3, 2 + sectors), END]
    if len(chain) > SECTOR // 4:
        raise ValueError("too many cells for one FAT sector")
    fat = struct.pack(f"<{len(chain)}I", *chain).ljust(SECTOR, b"\xff")
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    header += struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, END, 0, END, 0) + struct.pack("<109I", 0, *[FREE] * 108)
    directory = _entry("Root Entry", 5, END, 0, 1) + _entry(name, 2, 2, len(stream), FREE)
    return header + fat + directory.ljust(SECTOR, b"\0") + stream.ljust(sectors * SECTOR, b"\0")


def _entry(name: str, kind: int, start: int, size: int, child: int) -> bytes:
    text = (name + "\0").encode("utf-16-le")
    links = struct.pack("<BBIII", kind, 1, FREE, FREE, child)
    return text.ljust(64, b"\0") + struct.pack("<H", len(text)) + links + bytes(36) + struct.pack("<IQ", start, size)
