"""What holds for every table: Python's csv module and the readers agree cell for cell, and a broken line costs only itself."""

from __future__ import annotations

import csv
import io
import tempfile
from pathlib import Path

import duckdb
import pytest
from builders.reading import Reading, an_export
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

NASTY = st.text(alphabet='",\n\r茶 a=\t', max_size=8)
ANY = st.text(alphabet=st.characters(codec="gb18030", exclude_categories=["Cs"], exclude_characters="\0\ufeff"), max_size=12)
CELLS = st.one_of(NASTY, ANY, st.sampled_from(["", "6917926700000000001", '="0012"', "13900000001", "张三", "¥1,299.90"]))
ENCODINGS = st.sampled_from(["utf-8", "utf-8-sig", "gb18030", "utf-16"])
FEW = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture(scope="module")
def connection():
    with duckdb.connect() as con:
        yield con


def written(rows: list[list[str]], end: str, quoting: int) -> tuple[str, list[int]]:
    """The table as text, and the physical line on which each row begins (lines end with LF, CRLF counts once)."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator=end, quoting=quoting)
    starts = []
    for row in rows:
        starts.append(out.getvalue().count("\n") + 1)
        writer.writerow(row)
    return out.getvalue(), starts


@st.composite
def tables(draw: st.DrawFn) -> list[list[str]]:
    width = draw(st.integers(1, 5))
    return draw(st.lists(st.lists(CELLS, min_size=width, max_size=width), min_size=1, max_size=12))


@FEW
@given(table=tables(), encoding=ENCODINGS, end=st.sampled_from(["\n", "\r\n"]), quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]))
def test_written_by_csv_comes_back_cell_for_cell(
    connection: duckdb.DuckDBPyConnection, table: list[list[str]], encoding: str, end: str, quoting: int
) -> None:
    headers = [f"列{index}" for index in range(len(table[0]))]
    table = [[cell.replace("\r", "\r\n") for cell in row] for row in table]  # csv leaves a lone CR unquoted: then it is a line end
    text, starts = written([headers, *table], end, quoting)
    assume(not (quoting == csv.QUOTE_MINIMAL and len(headers) == 1 and any(not cell.strip(" \t") and cell for (cell,) in table)))
    with tempfile.TemporaryDirectory() as folder:
        reading = Reading(connection, Path(folder))
        part = reading.part(an_export(headers, encodings=["utf-8", "gb18030", "utf-16"]), text.encode(encoding))
        assert reading.rejects(part) == []
        assert reading.rows(part) == [(start, *row) for start, row in zip(starts[1:], table, strict=True)]
        assert part.records == len(table)


WORDS = st.one_of(st.text(alphabet="茶油a1 =", max_size=6), st.sampled_from(['a"b', '="12"', "多\n行", "x,y", '"引"']))
BROKEN = st.sampled_from(["只有一格", "a,b,c,d,e,f,g", '"open,b,c,d', 'a,"b"c,d,e', 'a,b,c,"d', '"",""'])


@FEW
@given(
    rows=st.lists(st.lists(WORDS, min_size=4, max_size=4), min_size=1, max_size=15),
    planted=st.lists(st.tuples(st.integers(0, 15), BROKEN), max_size=4),
)
def test_planted_broken_lines_cost_only_themselves(
    connection: duckdb.DuckDBPyConnection, rows: list[list[str]], planted: list[tuple[int, str]]
) -> None:
    headers = ["h0", "h1", "h2", "h3"]
    at = {place: line for place, line in planted if place < len(rows)}
    text, line, good, bad = ",".join(headers) + "\n", 2, [], []
    for place, row in enumerate(rows):
        if place in at:
            text, line, bad = text + at[place] + "\n", line + 1, [*bad, line]
        record, _ = written([[f"n{place}", *row[1:]]], "\n", csv.QUOTE_ALL)
        text, good, line = text + record, [*good, (line, f"n{place}", *row[1:])], line + record.count("\n")
    with tempfile.TemporaryDirectory() as folder:
        reading = Reading(connection, Path(folder))
        part = reading.part(an_export(headers), text.encode())
        assert reading.rows(part) == good
        assert [number for number, _ in reading.rejects(part)] == bad
        assert part.records == len(good) + len(bad)
