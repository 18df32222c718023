"""Blanking rows of a workbook (.xlsx): cells lose their value, and shared texts that only they used lose their text.

Layouts after ECMA-376 part 1, sections 18.3.1 (worksheets) and 18.4.8 (shared strings). Pure: bytes in, bytes out.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Collection, Mapping
from functools import partial
from io import BytesIO
from xml.sax.saxutils import unescape

ROW = re.compile(r'<row\b[^>]*?\br="(\d+)"[^>]*>.*?</row>', re.DOTALL)
CELL = re.compile(r'<c\b([^>]*?)(?:/>|>(.*?)</c>)', re.DOTALL)
PLACE = re.compile(r'\br="([A-Z]+)\d+"')
SHARED = re.compile(r'\bt="s"')
VALUE = re.compile(r"<v>(\d+)</v>")
TEXT = re.compile(r"<si\b[^>]*?(?:/>|>.*?</si>)", re.DOTALL)
SHEET = re.compile(r'<sheet\b[^>]*?\bname="([^"]*)"[^>]*?\br:id="([^"]*)"')
RELATION = re.compile(r"<Relationship\b[^>]*>")


def blank_workbook(data: bytes, kept: Mapping[str, Collection[int]], rows: Mapping[str | None, Collection[int]]) -> bytes:
    """The workbook without the values of these rows. `kept`: sheet → indexes of cells (0 is column A) that stay."""
    with zipfile.ZipFile(BytesIO(data)) as book:
        parts = {info.filename: book.read(info) for info in book.infolist()}
    freed: set[int] = set()
    used: set[int] = set()
    for name, path in _sheets(parts).items():
        sheet = parts[path].decode("utf-8")
        blank = partial(_row, numbers=set(rows.get(name, ())), kept=kept.get(name, ()), freed=freed)
        sheet = ROW.sub(blank, sheet)
        used |= {int(found) for cell in CELL.finditer(sheet) if SHARED.search(cell[1]) for found in VALUE.findall(cell[2] or "")}
        parts[path] = sheet.encode("utf-8")
    if "xl/sharedStrings.xml" in parts:
        parts["xl/sharedStrings.xml"] = _texts(parts["xl/sharedStrings.xml"].decode("utf-8"), freed - used).encode("utf-8")
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as book:
        for name, content in parts.items():
            book.writestr(name, content)
    return out.getvalue()


def _sheets(parts: Mapping[str, bytes]) -> dict[str, str]:
    """Sheet name → path of its XML."""
    relations = parts["xl/_rels/workbook.xml.rels"].decode("utf-8")
    targets = {_said(each, "Id"): _said(each, "Target") for each in RELATION.findall(relations)}
    listed = SHEET.findall(parts["xl/workbook.xml"].decode("utf-8"))
    return {unescape(name, {"&quot;": '"'}): _path(targets[key]) for name, key in listed}


def _path(target: str) -> str:
    return target.removeprefix("/") if target.startswith("/") else f"xl/{target}"


def _said(element: str, attribute: str) -> str:
    found = re.search(rf'\b{attribute}="([^"]*)"', element)
    return found[1] if found else ""


def _row(row: re.Match[str], numbers: Collection[int], kept: Collection[int], freed: set[int]) -> str:
    if int(row[1]) not in numbers:
        return row[0]
    return CELL.sub(lambda cell: _cell(cell, kept, freed), row[0])


def _cell(cell: re.Match[str], kept: Collection[int], freed: set[int]) -> str:
    place = PLACE.search(cell[1])
    if place and _index(place[1]) in kept:
        return cell[0]
    if SHARED.search(cell[1]):
        freed.update(int(found) for found in VALUE.findall(cell[2] or ""))
    style = re.search(r'\bs="\d+"', cell[1])
    return f'<c r="{place[1] if place else "A"}{_number(cell[1])}"{" " + style[0] if style else ""}/>'


def _number(attributes: str) -> str:
    found = re.search(r'\br="[A-Z]+(\d+)"', attributes)
    return found[1] if found else "1"


def _index(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


def _texts(shared: str, empty: Collection[int]) -> str:
    place = -1

    def text(found: re.Match[str]) -> str:
        nonlocal place
        place += 1
        return "<si><t/></si>" if place in empty else found[0]

    return TEXT.sub(text, shared)
