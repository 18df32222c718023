"""A delivered file, whatever it is, as relations: the one door between landing and the loader.

Detects the container by content, unpacks archives, calls the reader that fits, and refuses what is no export of this contract.
Does not: choosing the contract, typing, cleaning, tokens. Call it outside a transaction.
"""

from __future__ import annotations

import re
from pathlib import Path

import duckdb

from orchestration.lake import header
from orchestration.lake.containers import Container, Member, detect, unpack_gzip, unpack_zip
from orchestration.lake.contract import Export
from orchestration.lake.csv_reader import read_csv
from orchestration.lake.csv_records import split
from orchestration.lake.encoding import Text, read_text
from orchestration.lake.header import NoHeader
from orchestration.lake.html_table import read_html
from orchestration.lake.json_pages import check_no_error
from orchestration.lake.json_reader import load_page, read_json
from orchestration.lake.parquet_reader import read_parquet
from orchestration.lake.parts import Limits, Part, ReadResult, release
from orchestration.lake.refusal import Refused
from orchestration.lake.xlsx_reader import read_workbook

__all__ = ["Limits", "Part", "ReadResult", "read_delivery", "release"]

TABULAR = {"csv", "xlsx"}
JSON = {"json", "jsonl"}
SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
HEAD = 1 << 16  # bytes in which a header is looked for again
SIDE_FILES = re.compile(r"\.(txt|md|html?|pdf|docx?|png|jpe?g|url|ini)$", re.IGNORECASE)  # what platforms pack beside an export
XML_MESSAGE = re.compile(r"<(return_msg|err_code_des|error_code|message|Message)>(?:<!\[CDATA\[)?([^<\]]{1,200})")


def read_delivery(con: duckdb.DuckDBPyConnection, path: Path, export: Export, workdir: Path, limits: Limits) -> ReadResult:
    """All parts of one delivered file. `workdir` holds copies the relations read from: keep it until they are dropped.

    Raises Refused with a reason a person can act on; nothing of the delivery is then to be loaded.
    """
    workdir.mkdir(parents=True, exist_ok=True)
    container = detect(path)
    if container == "gzip":
        path = unpack_gzip(path, workdir, limits)
        container = detect(path)
        if container in ("gzip", "zip"):
            raise Refused(f"the gzip holds another archive ({container}): unpack it and deliver the file inside")
    if container == "zip":
        return _read_members(con, path, export, workdir, limits)
    return _read_one(con, path, container, export, workdir, limits, None)


def _read_members(con: duckdb.DuckDBPyConnection, path: Path, export: Export, workdir: Path, limits: Limits) -> ReadResult:
    results: list[ReadResult] = []
    notes: list[str] = []
    for member in unpack_zip(path, workdir, limits):
        try:
            results.append(_read_one(con, member.path, detect(member.path), export, workdir, limits, member.name))
        except Refused as error:
            if not _is_side_file(member, error):
                raise Refused(f"{member.name} in the zip: {error.reason}") from None
            notes.append(f"{member.name} passed over: {error.reason}")
    if not results:
        raise Refused(f"no file in the zip is an export of {export.label}: {'; '.join(notes)}")
    return ReadResult(
        parts=[part for result in results for part in result.parts],
        payload=next((result.payload for result in results if result.payload is not None), None),
        encoding=next((result.encoding for result in results if result.encoding is not None), None),
        notes=(*notes, *(note for result in results for note in result.notes)),
    )


def _is_side_file(member: Member, error: Refused) -> bool:
    """A read-me or picture beside the export; an export file that cannot be read is never passed over."""
    return bool(SIDE_FILES.search(member.name)) and (isinstance(error, NoHeader) or detect(member.path) != "csv")


def _read_one(
    con: duckdb.DuckDBPyConnection, path: Path, container: Container, export: Export, workdir: Path, limits: Limits, name: str | None
) -> ReadResult:
    wanted = set(export.container)
    if container in ("xlsx", "xls", "html") and not wanted & TABULAR:
        hint = ": probably a login or error page" if container == "html" else ""
        raise Refused(f"the file is {_named(container)}, but {export.label} comes as {' or '.join(export.container)}{hint}")
    if container == "json" and not wanted & JSON:
        return _refuse_json(path, export, workdir, limits)
    if container in ("xlsx", "xls"):
        parts, notes = read_workbook(con, path, container, export, limits, name)
        return ReadResult(parts, notes=tuple(notes))
    if container == "html":
        part, encoding = read_html(con, path, export, workdir, limits, name)
        return ReadResult([part], encoding=encoding)
    if container == "json":
        part, payload, encoding = read_json(con, path, export, workdir, limits, name)
        return ReadResult([part], payload, encoding)
    if container == "parquet":
        return ReadResult([read_parquet(con, path, export, workdir, limits, name)])
    if container != "csv":
        raise Refused(_why_not(path, container))
    if not wanted & TABULAR:
        raise Refused(f"the file is no {' or '.join(export.container)}: it begins with neither an object nor an array")
    text = read_text(path, export.encodings, workdir, limits, lambda head: _shows_header(head, export, export.delimiter))
    try:
        return ReadResult([read_csv(con, text, export, workdir, limits, name)], encoding=text.encoding)
    except NoHeader as error:
        raise NoHeader(error.reason + _separator_hint(text, export)) from None


def _shows_header(head: str, export: Export, delimiter: str) -> bool:
    lines = [line for line in head.split("\n", header.SEARCHED * 2) if line.strip()][: header.SEARCHED]
    return header.carries([split(line.rstrip("\r"), delimiter).fields for line in lines], export)


def _separator_hint(text: Text, export: Export) -> str:
    """What to do about a table whose cells are separated by something else; empty when that is not the trouble."""
    with text.path.open("rb") as file:
        file.seek(text.start)
        head = file.read(HEAD).decode("utf-8", errors="replace")
    found = next((word for sign, word in SEPARATORS.items() if sign != export.delimiter and _shows_header(head, export, sign)), None)
    if found is None:
        return ""
    return f". Its cells are separated by {found}: save it as CSV with {SEPARATORS.get(export.delimiter, export.delimiter)} between them"


def _refuse_json(path: Path, export: Export, workdir: Path, limits: Limits) -> ReadResult:
    """A JSON file where a table is expected is, most often, the error answer of a download."""
    check_no_error(load_page(read_text(path, export.encodings, workdir, limits), limits))
    raise Refused(f"the file is JSON, but {export.label} comes as {' or '.join(export.container)}")


def _named(container: Container) -> str:
    return {"html": "a web page", "xlsx": "a workbook", "xls": "an old workbook (.xls)"}.get(container, container)


def _why_not(path: Path, container: Container) -> str:
    if container == "empty":
        return "the file is empty: export it again"
    if container == "xml":
        with path.open("rb") as file:
            said = XML_MESSAGE.search(file.read(8192).decode("utf-8", errors="replace"))
        return f"the file is an XML answer, not an export{f' ({said[2].strip()})' if said else ''}: download it again"
    return f"the file is a {container.upper()} file: unpack or export it as CSV, XLSX or JSON"
