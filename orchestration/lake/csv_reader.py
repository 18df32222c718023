"""A delimited text as a relation: fast where the file is clean, exact where it is not.

Fast path: one pass of DuckDB's reader into a table, all columns text, fixed delimiter, never auto-detection; kept only when it holds
exactly one record per physical line, so that a row's place in the table is its line. Everything else goes through `csv_exact`.
A table, because judging it uses all threads while numbering the rows of a scan would hold that to one. Does not: decoding, typing.

Call outside a transaction (a failed attempt would abort it) and leave `preserve_insertion_order` on: `_line` counts rows in file order.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

import duckdb

from orchestration.lake import csv_exact
from orchestration.lake.contract import Export
from orchestration.lake.csv_layout import Layout, layout_of
from orchestration.lake.encoding import Text
from orchestration.lake.parts import Limits, Part, fresh, new_rejects
from orchestration.lake.refusal import Refused
from orchestration.lake.sql import literal

NO_NULL = "\x01\x02no null\x02\x01"  # an empty cell is '', never NULL: what a null is, the contract says
DEFAULT_LINE = 2_000_000  # bytes of a line DuckDB's reader takes with its default buffers
COPY_STEP = 16 << 20
LINE_ENDS = {"lf": "\\n", "crlf": "\\r\\n"}


def read_csv(con: duckdb.DuckDBPyConnection, text: Text, export: Export, workdir: Path, limits: Limits, name: str | None) -> Part:
    """Read a decoded text by its contract. Raises Refused (no header, cut off, beyond the limits)."""
    layout = layout_of(text, export, limits)
    relation = fresh("rows")
    rejects = new_rejects(con)
    rows = _try_fast(con, text, layout, workdir, relation)
    refused = 0
    if rows is None:
        clean = csv_exact.rewrite(con, text, layout, _new_path(workdir), rejects, limits)
        _check_account(clean, layout)
        _table_of_clean(con, clean, layout, relation)
        rows, refused = clean.accepted, clean.rejected
    return Part(name, "tabular", relation, layout.headers, rejects, layout.footer, rows + refused + len(layout.footer))


def _try_fast(con: duckdb.DuckDBPyConnection, text: Text, layout: Layout, workdir: Path, relation: str) -> int | None:
    """Make the relation and return its row count; None, and no relation, when the file is not clean."""
    expected = layout.last - layout.first + 1
    if text.newline == "mixed" or text.has_nul or text.bad_lines:
        return None
    path = _without_footer(text, layout, workdir)
    widths = [layout.width, *([layout.width + 1] if layout.trailing_empty else []), *range(layout.named, layout.width)]
    held = fresh("cells")
    for width in dict.fromkeys(widths):
        source = _source(path, layout.first - 1, [f"c{index}" for index in range(width)], layout.delimiter, LINE_ENDS[text.newline])
        surplus = f"count(*) filter (c{width - 1} <> '')" if width > layout.width else "0"
        try:
            con.execute(f"create temp table {held} as select * from {source}")
        except duckdb.InvalidInputException:
            continue
        if con.execute(f"select count(*), {surplus} from {held}").fetchall() == [(expected, 0)]:
            cells = [f"c{index}" if index < width else f"'' as c{index}" for index in range(layout.width)]
            con.execute(f"create temp view {relation} as select rowid + {layout.first} as _line, {', '.join(cells)} from {held}")
            return expected
        con.execute(f"drop table {held}")
    return None


def _source(path: Path, skip: int, columns: list[str], delimiter: str, newline: str, longest: int = 0) -> str:
    """The table function call; nothing is left to detection (folders like `date=…` would become columns, a quoted CR the line end)."""
    types = ", ".join(f"'{column}': '{'BIGINT' if column == '_line' else 'VARCHAR'}'" for column in columns)
    room = f", max_line_size={longest + 1024}" if longest > DEFAULT_LINE else ""
    return (
        f"read_csv({literal(str(path))}, auto_detect=false, header=false, skip={skip}, columns={{{types}}}, delim={literal(delimiter)}, "
        f"quote='\"', escape='\"', comment='', new_line='{newline}', "
        f"compression='none', hive_partitioning=false, nullstr={literal(NO_NULL)}{room})"
    )


def _table_of_clean(con: duckdb.DuckDBPyConnection, clean: csv_exact.Rewritten, layout: Layout, relation: str) -> None:
    columns = ["_line", *(f"c{index}" for index in range(layout.width))]
    source = _source(clean.path, 0, columns, layout.delimiter, LINE_ENDS["lf"], clean.longest)
    try:
        con.execute(f"create temp table {relation} as select * from {source}")
    except duckdb.InvalidInputException as error:
        raise Refused(f"the file cannot be read exactly: {str(error).splitlines()[0]}") from None
    found = con.execute(f"select count(*) from {relation}").fetchall()[0][0]
    if found != clean.accepted:
        raise Refused(f"the file cannot be read exactly: {clean.accepted} records were told apart, {found} came back")


def _check_account(clean: csv_exact.Rewritten, layout: Layout) -> None:
    seen = clean.accepted + clean.rejected + clean.blank + clean.continued
    lines = layout.last - layout.first + 1
    if seen != lines:
        raise Refused(f"the file cannot be read exactly: {lines} lines, {seen} accounted for")


def _without_footer(text: Text, layout: Layout, workdir: Path) -> Path:
    """A path of our own to the text: a link, or a copy that ends before the footer."""
    target = _new_path(workdir)
    if layout.footer_offset is None:
        target.symlink_to(text.path.resolve())
        return target
    left = layout.footer_offset
    with text.path.open("rb") as source, target.open("wb") as out:
        while left:
            left -= out.write(source.read(min(left, COPY_STEP)))
    return target


def _new_path(workdir: Path) -> Path:
    return Path(tempfile.mkdtemp(dir=workdir)) / "table.csv"
