"""Which cells of a sheet are long NUMBERS: ids that Excel has damaged by keeping 15 digits of them.

fastexcel gives every cell as text, so `6917926700000000000` may be a good id kept as text or the ruin of one kept as a number; only the
file knows. Belongs here: looking at how such cells are stored. Does not: deciding what to do with them.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from xml.etree import ElementTree

import fastexcel
import pyarrow as pa
import pyarrow.compute as pc

LONG = r"^-?[0-9]{16,}$"
# A cell without a type (or of type n) is a number; 16 digits, or an exponent that makes as many.
NUMBER = re.compile(rb'<c\b([^>]*)>(?:<f\b[^>]*>[^<]*</f>|<f\b[^>]*/>)?<v>(-?[0-9.]{16,}|-?[0-9.]+[eE]\+?[0-9]+)</v>')
REFERENCE = re.compile(rb'\br="([A-Z]+)([0-9]+)"')
TYPED = re.compile(rb'\bt="([a-zA-Z]+)"')
STEP = 4 << 20


def long_numbers(
    book: fastexcel.ExcelReader, path: Path, kind: str, sheet: str, columns: Sequence[pa.Array], first_row: int
) -> dict[int, set[int]]:
    """Column index → row indexes (from 0) of cells that show 16 or more digits and are stored as a number."""
    suspects = {index: _long_rows(column, first_row) for index, column in enumerate(columns)}
    suspects = {index: rows for index, rows in suspects.items() if rows}
    if not suspects:
        return {}
    if kind == "xls":
        return _by_column_type(book, sheet, suspects, first_row)
    numbers = set(_stored_numbers(path, sheet))
    found = {index: {row for row in rows if (index, row) in numbers} for index, rows in suspects.items()}
    return {index: rows for index, rows in found.items() if rows}


def _long_rows(column: pa.Array, first_row: int) -> set[int]:
    if not pa.types.is_string(column.type) and not pa.types.is_large_string(column.type):
        return set()
    is_long = pc.fill_null(pc.match_substring_regex(column, LONG), False)
    return {row for row in pc.indices_nonzero(is_long).to_pylist() if row >= first_row}


def _by_column_type(book: fastexcel.ExcelReader, sheet: str, suspects: dict[int, set[int]], first_row: int) -> dict[int, set[int]]:
    """Old .xls has no text to look into: a column whose cells are all numbers is told by its inferred type; a mixed one is let be."""
    kinds = [column.dtype for column in book.load_sheet(sheet, header_row=None, skip_rows=first_row).available_columns()]
    return {index: rows for index, rows in suspects.items() if index < len(kinds) and kinds[index] in ("float", "int")}


def _stored_numbers(path: Path, sheet: str) -> Iterator[tuple[int, int]]:
    """(column, row), both from 0, of the long numbers in a sheet's XML; read in pieces, so a big sheet costs no memory."""
    with zipfile.ZipFile(path) as archive:
        part = _part_of(archive, sheet)
        if part is None:
            return
        with archive.open(part) as xml:
            rest = b""
            while piece := xml.read(STEP):
                rest += piece
                cut = rest.rfind(b"</c>") + 4
                if cut < 4:
                    continue
                yield from _numbers_in(rest[:cut])
                rest = rest[cut:]


def _numbers_in(xml: bytes) -> Iterator[tuple[int, int]]:
    for cell in NUMBER.finditer(xml):
        kind, at = TYPED.search(cell[1]), REFERENCE.search(cell[1])
        if at and (kind is None or kind[1] == b"n"):
            yield _column_index(at[1]), int(at[2]) - 1


def _column_index(letters: bytes) -> int:
    index = 0
    for letter in letters:
        index = index * 26 + letter - 64
    return index - 1


def _part_of(archive: zipfile.ZipFile, sheet: str) -> str | None:
    """The XML file of a sheet, found through the workbook's relations."""
    if "xl/workbook.xml" not in archive.namelist():
        return None
    book = ElementTree.fromstring(archive.read("xl/workbook.xml"))
    sheets = [node.attrib for node in book.iter() if node.tag.endswith("}sheet")]
    ids = {said.get("name"): next((value for key, value in said.items() if key.endswith("}id")), None) for said in sheets}
    relations = ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))
    targets = {node.get("Id"): node.get("Target", "") for node in relations}
    target = targets.get(ids.get(sheet), "")
    return target.lstrip("/") if target.startswith("/") else f"xl/{target}" if target else None
