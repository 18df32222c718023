"""The exact path of a delimited file: every physical line is accounted for, and a broken line takes no other with it.

DuckDB finds, in one streamed scan, the few lines that are not plainly one record; only those, and the lines a quoted record goes on
over, pass through Python. What is a record is written to a clean copy (its physical line number first) that DuckDB's reader then
takes at full speed. Does not: finding header and footer, typing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

import duckdb

from orchestration.lake.csv_layout import Layout
from orchestration.lake.csv_records import TEXT_AFTER_QUOTE, blanks, join
from orchestration.lake.encoding import Text, blocks
from orchestration.lake.lines import line_stream
from orchestration.lake.parts import Limits, fill_rejects
from orchestration.lake.refusal import Refused

HAS_NUL = "holds NUL bytes"
REJECTS_AT_ONCE = 20_000  # refused lines kept in memory


@dataclass
class Rewritten:
    """The clean copy and the account of it: accepted + rejected + blank + continued = the lines the layout calls records.

    `continued`: lines that carry on a record begun above. `longest`: bytes of the longest line. `waiting`: refused lines (line,
    reason, raw text) that are not yet in the rejects table.
    """

    path: Path
    accepted: int = 0
    rejected: int = 0
    blank: int = 0
    continued: int = 0
    longest: int = 0
    waiting: list[tuple[int, str, str]] = field(default_factory=list)


def rewrite(
    con: duckdb.DuckDBPyConnection, text: Text, layout: Layout, target: Path, rejects: str, limits: Limits
) -> Rewritten:
    """Write the records of `text` to `target`, the refused lines to the table `rejects`.

    Raises Refused when the file ends in the middle of its last record.
    """
    suspects, longest = _suspects(con, text, layout, limits)
    result = Rewritten(target, longest=longest)
    source = _Lines(text, layout, limits)
    at = layout.first
    with target.open("wb") as out:
        for suspect in suspects:
            if suspect < at:
                continue  # carries on a record begun above
            result.accepted += source.copy_until(suspect, out)
            at = suspect + _decide(source, suspect, text, layout, limits, out, result)
            source.skip_to(at)
            if len(result.waiting) >= REJECTS_AT_ONCE:
                _hand_over(con, rejects, result)
        result.accepted += source.copy_until(layout.last + 1, out)
    _hand_over(con, rejects, result)
    return result


def _hand_over(con: duckdb.DuckDBPyConnection, rejects: str, result: Rewritten) -> None:
    fill_rejects(con, rejects, result.waiting)
    result.rejected += len(result.waiting)
    result.waiting.clear()


def _plain(layout: Layout) -> str:
    """RE2 pattern of a line that is, beyond doubt, one record of the right width; the twin of `csv_records.split`."""
    delimiter = f"\\x{{{ord(layout.delimiter):x}}}"
    around = "".join(f"\\x{{{ord(blank):x}}}" for blank in blanks(layout.delimiter))
    cell = rf'(?:"(?:[^"\r]|"")*"|[{around}]*(?:[^"{delimiter}{around}\r\n][^{delimiter}\r\n]*)?)'
    return rf"(?:{cell}{delimiter}){{{layout.width - 1}}}{cell}\r?\n?"


def _suspects(con: duckdb.DuckDBPyConnection, text: Text, layout: Layout, limits: Limits) -> tuple[list[int], int]:
    """Numbers, ascending, of the lines that need a closer look; and the length of the longest line in bytes."""
    where = "not regexp_full_match(line, $plain)"
    if layout.width > 1000:  # RE2 repeats no further: count delimiters, and look closer at every line with a quote
        where = f"contains(line, '\"') or strlen(line) - strlen(replace(line, $delimiter, '')) <> {layout.width - 1}"
    where += " or contains(line, chr(0))" if text.has_nul else ""
    where += " or trim(line, chr(32) || chr(9) || chr(10) || chr(13)) = ''" if layout.width == 1 else ""
    values = {"delimiter": layout.delimiter} if layout.width > 1000 else {"plain": _plain(layout)}
    with line_stream(con, text, limits) as stream:
        found, longest = con.execute(
            f"select list(_line order by _line) filter (where {where}), max(strlen(line)) from {stream} "
            f"where _line between {layout.first} and {layout.last}", values,
        ).fetchall()[0]
    bad = [line for line in text.bad_lines if layout.first <= line <= layout.last]
    return (sorted({*(found or []), *bad}) if bad else found or []), longest or 0


def _decide(
    source: _Lines, number: int, text: Text, layout: Layout, limits: Limits, out: BinaryIO, result: Rewritten
) -> int:
    """Write or reject the record that begins at line `number`; returns how many lines it takes."""
    raw = source.line_at(number)
    line = raw.rstrip("\r")
    if source.is_bad(number):
        fields, taken, reason = [], 1, text.bad_reason(number)
    elif "\0" in line:
        fields, taken, reason = [], 1, HAS_NUL
    elif not line.strip(" \t"):
        result.blank += 1
        return 1
    else:
        joined = join(source.readable_at, number, layout.delimiter, limits.record_lines, lambda cells: layout.fit(cells) is not None)
        fields, taken, reason = joined.fields, joined.lines, joined.reason
    row = None if reason else layout.fit(fields)
    if row is not None:
        cells = f'"{layout.delimiter}"'.join([cell.replace('"', '""') for cell in row])
        record = f'{number}{layout.delimiter}"{cells}"\n'.encode()
        out.write(record)
        result.accepted += 1
        result.continued += taken - 1
        result.longest = max(result.longest, len(record))
        return taken
    if number == text.lines and not text.ends_with_newline and _is_cut(reason, len(fields), layout):
        raise Refused(
            f"the file is cut off: line {number}, its last, has no line end and "
            f"{reason or f'{len(fields)} of {layout.width} fields'}; export it again"
        )
    result.waiting.append((number, reason or f"{len(fields)} fields, expected {layout.width}", line))
    return 1


def _is_cut(reason: str | None, fields: int, layout: Layout) -> bool:
    return fields < layout.named if reason is None else reason not in (TEXT_AFTER_QUOTE, HAS_NUL)


class _Lines:
    """The record lines of a text, forward only: a window from the next line to as far as somebody looked ahead."""

    def __init__(self, text: Text, layout: Layout, limits: Limits) -> None:
        self._blocks = self._read(text, limits)
        self._window: list[bytes] = []
        self._first = self._next = 1  # numbers of the window's first line and of the next line to deal with
        self._last = layout.last
        self._bad = frozenset(text.bad_lines)
        self._delimiter = layout.delimiter.encode()
        self.skip_to(layout.first)

    @staticmethod
    def _read(text: Text, limits: Limits) -> Iterator[list[bytes]]:
        with text.path.open("rb") as file:
            file.seek(text.start)
            for block in blocks(file, limits):
                yield block.removesuffix(b"\n").split(b"\n")

    def _reach(self, number: int) -> bool:
        """Read on until the window holds line `number`; what lies before the next line is let go."""
        while number - self._first >= len(self._window):
            lines = next(self._blocks, None)
            if lines is None:
                return False
            passed = min(self._next - self._first, len(self._window))
            self._window = self._window[passed:] + lines
            self._first += passed
        return True

    def is_bad(self, number: int) -> bool:
        return number in self._bad

    def line_at(self, number: int) -> str | None:
        """A line without its LF, None past the last record line."""
        if number > self._last or not self._reach(number):
            return None
        return self._window[number - self._first].decode("utf-8")

    def readable_at(self, number: int) -> str | None:
        """Like `line_at`, but a record never goes on over a line that could not be decoded or holds NULs."""
        line = None if number in self._bad else self.line_at(number)
        return None if line is None or "\0" in line else line

    def skip_to(self, number: int) -> None:
        self._next = number

    def copy_until(self, number: int, out: BinaryIO) -> int:
        """Write the plain lines before `number`, each with its number first; returns how many."""
        start = self._next
        while self._next < number and self._reach(self._next):
            lines = self._window[self._next - self._first : number - self._first]
            numbers = range(self._next, self._next + len(lines))
            block = b"\n".join([b"%d%b%b" % (number, self._delimiter, line) for number, line in zip(numbers, lines, strict=True)])
            out.write(block.replace(b"\r\n", b"\n").removesuffix(b"\r") + b"\n")
            self._next += len(lines)
        return self._next - start
