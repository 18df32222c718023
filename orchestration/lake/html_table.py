"""An HTML page that a platform saved as .xls or .csv: its table as a relation, or why it is none (a login page).

Belongs here: rows of <table> elements. Does not: scripts, styles, anything outside tables.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from html.parser import HTMLParser
from pathlib import Path

import duckdb
import pyarrow as pa

from orchestration.lake import header
from orchestration.lake.contract import Export
from orchestration.lake.encoding import read_text
from orchestration.lake.header import NoHeader
from orchestration.lake.parts import Limits, Part, fill_rejects, fresh, new_rejects
from orchestration.lake.refusal import Refused

CHARSET = re.compile(rb"""charset\s*=\s*["']?\s*([\w-]+)""", re.IGNORECASE)
CHINESE = {"gbk", "gb2312", "gb18030"}
MAX_SPAN = 1000  # columns one cell may span: beyond it the number is damage, not layout


class _Tables(HTMLParser):
    """Collects every table as rows of cell texts; nested tables count as tables of their own."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tables: list[list[list[str]]] = []
        self.title = ""
        self._open: list[list[list[str]]] = []
        self._cell: list[str] | None = None
        self._span = 1
        self._in_title = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "table":
            self._end_cell()
            self.tables.append([])
            self._open.append(self.tables[-1])
        elif tag == "tr" and self._open:
            self._end_cell()
            self._open[-1].append([])
        elif tag in ("td", "th") and self._open:
            self._end_cell()
            said = dict(attrs).get("colspan") or "1"
            self._span = min(int(said), MAX_SPAN) if said.isdigit() and int(said) else 1
            self._cell = []
        elif tag == "br" and self._cell is not None:
            self._cell.append("\n")
        elif tag == "title":
            self._in_title = True

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th", "tr"):
            self._end_cell()
        elif tag == "table" and self._open:
            self._end_cell()
            self._open.pop()
        elif tag == "title":
            self._in_title = False

    def handle_data(self, data: str) -> None:
        if self._cell is not None:
            self._cell.append(data)
        elif self._in_title:
            self.title += data

    def _end_cell(self) -> None:
        if self._cell is not None and self._open:
            if not self._open[-1]:
                self._open[-1].append([])
            self._open[-1][-1] += ["".join(self._cell), *[""] * (self._span - 1)]
        self._cell = None


def read_html(
    con: duckdb.DuckDBPyConnection, path: Path, export: Export, workdir: Path, limits: Limits, name: str | None
) -> tuple[Part, str]:
    """(part, encoding); `_line` is the row of the table, from 1. Raises Refused; NoHeader when no table carries the header."""
    if path.stat().st_size > limits.document_bytes:
        raise Refused(f"an HTML page of more than {limits.document_bytes >> 20} MiB is no export: export it as CSV or XLSX")
    text = read_text(path, _encodings(path, export), workdir, limits)
    parser = _Tables()
    parser.feed(text.path.read_bytes()[text.start :].decode("utf-8"))
    parser.close()
    why = None
    for rows in parser.tables:
        try:
            at = header.find(rows, export)
        except NoHeader as error:
            why = why or error.reason
        else:
            return _store(con, rows, at, name), text.encoding
    title = parser.title.strip()[:60] or "without a title"
    if why and max(len(rows) for rows in parser.tables) > 2:
        raise NoHeader(why)
    raise Refused(f"the file is a web page ({title}), not an export: probably a login or error page; log in and export it again")


def _encodings(path: Path, export: Export) -> Sequence[str]:
    with path.open("rb") as file:
        said = CHARSET.search(file.read(4096))
    if said is None:
        return export.encodings
    first = "gb18030" if said[1].decode("ascii").lower() in CHINESE else "utf-8"
    return tuple(dict.fromkeys((first, *export.encodings)))


def _store(con: duckdb.DuckDBPyConnection, rows: list[list[str]], at: int, name: str | None) -> Part:
    headers, relation, rejects, stream = rows[at], fresh("rows"), new_rejects(con), fresh("stream")
    numbered = [(line, row) for line, row in enumerate(rows[at + 1 :], at + 2) if any(cell.strip() for cell in row)]
    kept = [(line, row + [""] * (len(headers) - len(row))) for line, row in numbered if len(row) <= len(headers)]
    wide = [(line, row) for line, row in numbered if len(row) > len(headers)]
    columns = [pa.array([row[index] for _, row in kept], pa.string()) for index in range(len(headers))]
    names = ["_line", *(f"c{index}" for index in range(len(headers)))]
    con.register(stream, pa.table([pa.array([line for line, _ in kept], pa.int64()), *columns], names=names))
    con.execute(f"create temp table {relation} as select * from {stream} order by _line")
    con.unregister(stream)
    fill_rejects(con, rejects, [(line, f"{len(row)} fields, expected {len(headers)}", " | ".join(row)) for line, row in wide])
    return Part(name, "tabular", relation, headers, rejects, [], len(numbered))
