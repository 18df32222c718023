"""What every reader hands on: the parts of a delivery as DuckDB relations, what was refused line by line, and the limits.

Belongs here: the dataclasses of the seam between readers and loader, and the SQL that blurs a broken line to its shape.
Does not: reading, typing, tokens.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from typing import Literal

import duckdb

from orchestration.lake.sql import identifier

MIB = 1 << 20
SHAPE_LENGTH = 400  # characters of a blurred line that are kept: enough to see where it broke
_numbers = itertools.count(1)


@dataclass(frozen=True)
class Limits:
    """How much one delivery may ask of the machine; beyond it the delivery is refused, never the run killed.

    `unpacked_bytes` and `unpack_ratio` bound archives and workbooks (the ratio only above `ratio_from_bytes`: small exports
    of equal rows compress 100:1 honestly); `document_bytes` bounds what is parsed whole (JSON documents, HTML pages);
    `workbook_bytes` bounds one workbook's unpacked XML; `line_bytes` one line; `record_lines` how many physical lines one
    quoted record may span.
    """

    unpacked_bytes: int = 16 << 30
    unpack_ratio: int = 300
    ratio_from_bytes: int = 64 * MIB
    members: int = 2000
    document_bytes: int = 256 * MIB
    workbook_bytes: int = 4 << 30
    line_bytes: int = 16 * MIB
    record_lines: int = 100


@dataclass(frozen=True)
class Part:
    """One sheet, archive member or plain file.

    `relation`: `_line` BIGINT and `c0..cN` VARCHAR (kind tabular, an empty cell is '') or `_line` and `doc` JSON (kind json),
    in file order. `headers`: raw header text per `c<i>`. `rejects`: table (line_number, reason, shape). `footer`: (line, cells).
    `records` = rows of relation + rejects + footer lines.
    """

    name: str | None
    kind: Literal["tabular", "json"]
    relation: str
    headers: list[str]
    rejects: str
    footer: list[tuple[int, list[str]]] = field(default_factory=list)
    records: int = 0


@dataclass(frozen=True)
class ReadResult:
    """All parts of one delivery; `payload` is the JSON page around the records; `notes` say what was passed over (sheets, members)."""

    parts: list[Part]
    payload: dict | None = None
    encoding: str | None = None
    notes: tuple[str, ...] = ()


def fresh(word: str) -> str:
    """A relation name no other read of this process uses."""
    return f"read_{word}_{next(_numbers)}"


def new_rejects(con: duckdb.DuckDBPyConnection) -> str:
    """An empty rejects table."""
    name = fresh("rejects")
    con.execute(f"create temp table {name} (line_number bigint, reason varchar, shape varchar)")
    return name


def fill_rejects(con: duckdb.DuckDBPyConnection, rejects: str, rejected: list[tuple[int, str, str]]) -> None:
    """Add refused records, given as (line, reason, raw text); only the shape of the text is kept."""
    if not rejected:
        return
    lines, reasons, texts = (list(column) for column in zip(*rejected, strict=True))
    con.execute(  # as parameters: the first Arrow array made of Python values costs the import of pandas (0.7 s)
        f"insert into {rejects} select line_number, reason, {shape('text')} from (select unnest($lines::bigint[]) as line_number, "
        "unnest($reasons::varchar[]) as reason, unnest($texts::varchar[]) as text)",
        {"lines": lines, "reasons": reasons, "texts": texts},
    )


def count(con: duckdb.DuckDBPyConnection, relation: str, where: str = "true") -> int:
    return con.execute(f"select count(*) from {identifier(relation)} where {where}").fetchall()[0][0]


def shape(expression: str) -> str:
    """SQL that blurs text: 汉 for CJK, 9 for digits, a for other letters; control characters become blanks.

    What is left shows where a line broke (delimiters, quotes, lengths) and holds nothing personal.
    """
    steps = [(r"[\x00-\x1f\x7f]", " "), (r"[^\P{L}\p{Han}]", "a"), (r"\p{Han}", "汉"), (r"\p{N}", "9")]
    blurred = f"left({expression}, {SHAPE_LENGTH})"
    for pattern, letter in steps:
        blurred = f"regexp_replace({blurred}, '{pattern}', '{letter}', 'g')"
    return blurred


def release(con: duckdb.DuckDBPyConnection) -> None:
    """Drop every relation that readers made on this connection, also those of a read that was refused half-way; views first."""
    made = con.execute(
        "select 'view', view_name from duckdb_views() where temporary and starts_with(view_name, 'read_') union all "
        "select 'table', table_name from duckdb_tables() where temporary and starts_with(table_name, 'read_') order by 1 desc, 2"
    ).fetchall()
    for kind, name in made:
        con.execute(f"drop {kind} {identifier(name)}")
