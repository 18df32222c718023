"""Smallest real .xlsx files, written as XML: a test says cell by cell what stands in the file, Excel's damage included.

A cell is a text, None (no cell at all), a `Number` (stored as a number, its digits as given), a `Date` (a number under a date
format) or a `Formula` (with its cached text). Not a general writer: one font, no styles but the date's.
"""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from xml.sax.saxutils import escape

HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
TYPES = "application/vnd.openxmlformats-officedocument.spreadsheetml"
EXCEL_EPOCH = datetime(1899, 12, 30)


@dataclass(frozen=True)
class Number:
    digits: str


@dataclass(frozen=True)
class Date:
    at: datetime


@dataclass(frozen=True)
class Formula:
    text: str


Cell = str | Number | Date | Formula | None


def write_xlsx(
    path: Path, sheets: dict[str, Sequence[Sequence[Cell]]], *, dimension: str | None = None, shared: bool = True, first_row: int = 1
) -> Path:
    """Write `sheets` (name → rows). `dimension` is written as given, true or not; `shared` keeps texts in the shared string table."""
    table: dict[str, int] = {}
    names = list(sheets)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as book:
        for number, name in enumerate(names, 1):
            book.writestr(f"xl/worksheets/sheet{number}.xml", _sheet(sheets[name], dimension, table if shared else None, first_row))
        book.writestr("[Content_Types].xml", _content_types(len(names)))
        book.writestr("_rels/.rels", _rels([("officeDocument", "xl/workbook.xml")]))
        book.writestr(
            "xl/_rels/workbook.xml.rels",
            _rels(
                [("worksheet", f"worksheets/sheet{n}.xml") for n in range(1, len(names) + 1)]
                + [("styles", "styles.xml"), ("sharedStrings", "sharedStrings.xml")],
            ),
        )
        listed = "".join(f'<sheet name="{escape(name)}" sheetId="{n}" r:id="rId{n}"/>' for n, name in enumerate(names, 1))
        book.writestr("xl/workbook.xml", f'{HEAD}<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>{listed}</sheets></workbook>')
        book.writestr("xl/styles.xml", _styles())
        texts = "".join(f'<si><t xml:space="preserve">{escape(text)}</t></si>' for text in table)
        book.writestr("xl/sharedStrings.xml", f'{HEAD}<sst xmlns="{MAIN}" count="{len(table)}" uniqueCount="{len(table)}">{texts}</sst>')
    return path


def column_letters(index: int) -> str:
    """0 → A, 25 → Z, 26 → AA."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def _sheet(rows: Sequence[Sequence[Cell]], dimension: str | None, table: dict[str, int] | None, first_row: int) -> str:
    written = []
    for number, row in enumerate(rows, first_row):
        cells = "".join(_cell(f"{column_letters(index)}{number}", cell, table) for index, cell in enumerate(row))
        if cells:
            written.append(f'<row r="{number}">{cells}</row>')
    said = f'<dimension ref="{dimension}"/>' if dimension else ""
    return f'{HEAD}<worksheet xmlns="{MAIN}">{said}<sheetData>{"".join(written)}</sheetData></worksheet>'


def _cell(reference: str, cell: Cell, table: dict[str, int] | None) -> str:
    if cell is None:
        return ""
    if isinstance(cell, Number):
        return f'<c r="{reference}"><v>{cell.digits}</v></c>'
    if isinstance(cell, Date):
        since = cell.at - EXCEL_EPOCH
        return f'<c r="{reference}" s="1"><v>{since.days + since.seconds / 86400!r}</v></c>'
    if isinstance(cell, Formula):
        return f'<c r="{reference}" t="str"><f>A1</f><v>{escape(cell.text)}</v></c>'
    if table is None:
        return f'<c r="{reference}" t="inlineStr"><is><t xml:space="preserve">{escape(cell)}</t></is></c>'
    return f'<c r="{reference}" t="s"><v>{table.setdefault(cell, len(table))}</v></c>'


def _content_types(sheets: int) -> str:
    kinds = [("workbook", "sheet.main"), ("styles", "styles"), ("sharedStrings", "sharedStrings")]
    parts = [(f"xl/{part}.xml", kind) for part, kind in kinds]
    parts += [(f"xl/worksheets/sheet{n}.xml", "worksheet") for n in range(1, sheets + 1)]
    listed = "".join(f'<Override PartName="/{part}" ContentType="{TYPES}.{kind}+xml"/>' for part, kind in parts)
    return (
        f'{HEAD}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{listed}</Types>'
    )


def _rels(targets: list[tuple[str, str]]) -> str:
    listed = "".join(f'<Relationship Id="rId{n}" Type="{OFFICE}/{kind}" Target="{target}"/>' for n, (kind, target) in enumerate(targets, 1))
    return f'{HEAD}<Relationships xmlns="{RELATIONS}">{listed}</Relationships>'


def _styles() -> str:
    return (
        f'{HEAD}<styleSheet xmlns="{MAIN}"><fonts count="1"><font/></fonts><fills count="1"><fill/></fills>'
        '<borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs>'
        '<cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="22" applyNumberFormat="1"/></cellXfs></styleSheet>'
    )
