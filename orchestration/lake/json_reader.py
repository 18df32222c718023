"""JSON deliveries as relations of one document per record: pages, bare arrays, and JSON lines.

A page is parsed whole in Python (bounded by `Limits.document_bytes`); JSON lines stay in DuckDB, where a million objects take about
1.5 s, and only lines with padded keys pass through Python. Does not: reading columns out of the documents.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any, BinaryIO

import duckdb
import pyarrow as pa

from orchestration.lake.contract import Export
from orchestration.lake.encoding import Text, read_text
from orchestration.lake.json_lines import read_lines
from orchestration.lake.json_pages import around, check_no_error, dump, parse, pick
from orchestration.lake.parts import Limits, Part, fill_rejects, fresh, new_rejects
from orchestration.lake.refusal import Refused

NO_OBJECT = "a record that is no JSON object"


def read_json(
    con: duckdb.DuckDBPyConnection, path: Path, export: Export, workdir: Path, limits: Limits, name: str | None
) -> tuple[Part, dict | None, str]:
    """(part, page around the records, encoding). Raises Refused: invalid, an error answer, no records path, too big."""
    text = read_text(path, export.encodings, workdir, limits)
    if _is_lines(text, export, limits):
        return read_lines(con, text, export, limits, name), None, text.encoding
    if text.bad_lines:
        raise Refused(f"{text.bad_reason(text.bad_lines[0])}: a JSON page is read whole or not at all; pull it again")
    page = load_page(text, limits)
    check_no_error(page)
    return _store(con, pick(page, export.records), name), around(page, export.records), text.encoding


def load_page(text: Text, limits: Limits) -> Any:
    """Parse a whole text. Raises Refused with line and column."""
    size = text.path.stat().st_size
    if size > limits.document_bytes:
        raise Refused(f"a JSON page of {size >> 20} MiB is too big to be read whole: deliver it in pages or as JSON lines")
    try:
        return parse(text.path.read_bytes()[text.start :].decode("utf-8"))
    except json.JSONDecodeError as error:
        raise Refused(f"invalid JSON at line {error.lineno}, column {error.colno}: {error.msg}; pull it again") from None


def _is_lines(text: Text, export: Export, limits: Limits) -> bool:
    """Whether every line is a document: by content; for a single line, or a broken first one, by the contract."""
    with text.path.open("rb") as file:
        file.seek(text.start)
        first, second = (_next_line(file, limits) for _ in range(2))
    if not first.startswith(b"{"):
        return False
    if second and (_is_object(first) or ("jsonl" in export.container and _is_object(second))):
        return True
    return "json" not in export.container and not second


def _next_line(file: BinaryIO, limits: Limits) -> bytes:
    """The next line that is not blank, without the white space around it; empty at the end."""
    while line := file.readline(limits.line_bytes):
        if stripped := line.strip():
            return stripped
    return b""


def _is_object(line: bytes) -> bool:
    try:
        return isinstance(json.loads(line), dict)
    except ValueError:
        return False


def _store(con: duckdb.DuckDBPyConnection, records: Iterable[Any], name: str | None) -> Part:
    """Records of a page, numbered from 1 in their order."""
    rejects, relation, stream = new_rejects(con), fresh("docs"), fresh("stream")
    numbered = list(enumerate(records, 1))
    refused = [(number, NO_OBJECT, dump(record)) for number, record in numbered if not isinstance(record, dict)]
    kept = [(number, dump(record)) for number, record in numbered if isinstance(record, dict)]
    table = pa.table({
        "_line": pa.array([number for number, _ in kept], pa.int64()),
        "doc": pa.array([doc for _, doc in kept], pa.large_string()),
    })
    con.register(stream, table)
    con.execute(f"create temp table {relation} as select _line, doc::json as doc from {stream} order by _line")
    con.unregister(stream)
    fill_rejects(con, rejects, refused)
    return Part(name, "json", relation, [], rejects, [], len(numbered))
