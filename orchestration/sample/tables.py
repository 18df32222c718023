"""How a platform's table is written as lines: which cell is quoted, prefixed or left bare.

Belongs here: the cell shapes that real exports use. Does not: which platform uses which.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

import pyarrow as pa

from orchestration.sample.text import Part, weave
from orchestration.sample.workbook import row_of, rows_of

Shape = Literal["quoted", "formula", "tab", "bare", "apostrophe", "backtick"]
OPEN = {"quoted": '"', "formula": '="', "tab": '"\t', "bare": "", "apostrophe": "\"'", "backtick": "`"}
CLOSE = {"quoted": '"', "formula": '"', "tab": '"', "bare": "", "apostrophe": '"', "backtick": ""}
Cells = Mapping[str, tuple[Shape, Part]]  # header → (shape, constant or column)


def header_line(cells: Cells, quoted: bool = False, end: str = "\r\n") -> str:
    """The header, in the order of the cells."""
    names = [f'"{name}"' if quoted else name for name in cells]
    return ",".join(names) + end


def body_lines(cells: Cells, end: str = "\r\n") -> pa.StringArray:
    """One line per record."""
    parts: list[Part] = []
    for shape, value in cells.values():
        parts += [OPEN[shape], value, CLOSE[shape] + ","]
    parts[-1] = parts[-1][:-1] + end
    return weave(*parts)


def sheet_head(cells: Cells, *above: Sequence[str]) -> str:
    """The header row of a workbook's sheet, below rows that stand above it."""
    return "".join(row_of(words) for words in (*above, tuple(cells)))


def sheet_rows(cells: Cells) -> pa.StringArray:
    """One row of a workbook's sheet per record: every cell a text, shapes are for text files."""
    return rows_of(value for _, value in cells.values())
