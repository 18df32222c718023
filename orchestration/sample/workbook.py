"""Workbooks (.xlsx) that grow row by row: every cell a text, sheets one after the other, equal bytes for equal rows.

Belongs here: the container. Does not: what stands in the cells. Cell texts hold no markup (&, <, >): the sample's words have none.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import IO
from xml.sax.saxutils import escape

import pyarrow as pa

from orchestration.sample.text import Part, joined, weave

CLOCK = (2026, 1, 1, 0, 0, 0)
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
TYPES = "application/vnd.openxmlformats-officedocument.spreadsheetml"
OPEN, CLOSE = '<c t="inlineStr"><is><t xml:space="preserve">', "</t></is></c>"


def row_of(words: Iterable[str]) -> str:
    """One row of constant cells."""
    return "<row>" + "".join(OPEN + escape(word) + CLOSE for word in words) + "</row>"


def rows_of(columns: Iterable[Part]) -> pa.StringArray:
    """One row per record; at least one part is a column."""
    parts: list[Part] = ["<row>"]
    for column in columns:
        parts += [OPEN, column, CLOSE]
    return weave(*parts, "</row>")


@dataclass
class Workbook:
    """An open workbook. One sheet is written at a time; a new title begins a new sheet."""

    archive: zipfile.ZipFile
    titles: list[str] = field(default_factory=list)
    _sheet: IO[bytes] | None = None

    def add(self, title: str, head: str, rows: pa.StringArray) -> None:
        """Add rows to the sheet of that title, which must be the newest one; `head` stands above the first of them."""
        if not self.titles or self.titles[-1] != title:
            self._end_sheet()
            self.titles.append(title)
            self._sheet = self.archive.open(_member(f"xl/worksheets/sheet{len(self.titles)}.xml"), "w", force_zip64=True)
            self._sheet.write(f'{HEAD}<worksheet xmlns="{MAIN}"><sheetData>{head}'.encode())
        self._sheet.write(joined(rows))

    def tail(self, rows: str) -> None:
        """Add what stands below the newest sheet's last record."""
        self._sheet.write(rows.encode())

    def close(self) -> None:
        """Write the parts that name the sheets."""
        self._end_sheet()
        sheets = range(1, len(self.titles) + 1)
        kinds = [("/xl/workbook.xml", "sheet.main"), *((f"/xl/worksheets/sheet{number}.xml", "worksheet") for number in sheets)]
        overrides = "".join(f'<Override PartName="{part}" ContentType="{TYPES}.{kind}+xml"/>' for part, kind in kinds)
        named = "".join(
            f'<sheet name="{escape(title)}" sheetId="{number}" r:id="rId{number}"/>'
            for number, title in zip(sheets, self.titles, strict=True))
        rels = "application/vnd.openxmlformats-package.relationships+xml"
        overrides = f'<Default Extension="rels" ContentType="{rels}"/>{overrides}'
        self._part("[Content_Types].xml", f'<Types xmlns="{PACKAGE}/content-types">{overrides}</Types>')
        self._part("_rels/.rels", _relations([("officeDocument", "xl/workbook.xml")]))
        self._part("xl/_rels/workbook.xml.rels", _relations([("worksheet", f"worksheets/sheet{number}.xml") for number in sheets]))
        self._part("xl/workbook.xml", f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>{named}</sheets></workbook>')
        self.archive.close()

    def _end_sheet(self) -> None:
        if self._sheet is not None:
            self._sheet.write(b"</sheetData></worksheet>")
            self._sheet.close()
            self._sheet = None

    def _part(self, name: str, content: str) -> None:
        self.archive.writestr(_member(name), HEAD + content)


def _member(name: str) -> zipfile.ZipInfo:
    member = zipfile.ZipInfo(name, CLOCK)
    member.compress_type = zipfile.ZIP_DEFLATED
    return member


def _relations(targets: list[tuple[str, str]]) -> str:
    listed = "".join(
        f'<Relationship Id="rId{number}" Type="{OFFICE}/{kind}" Target="{target}"/>' for number, (kind, target) in enumerate(targets, 1))
    return f'<Relationships xmlns="{PACKAGE}/relationships">{listed}</Relationships>'
