"""One delimited record at a time: fields of a line, and records that span lines. Pure text in, fields out.

Belongs here: what a quote means (RFC 4180, section 2, and what exports do beside it). Does not: files, DuckDB, whole tables; the
set-based twin of `split` is the pattern in `csv_exact`, and both must agree.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

State = Literal["closed", "open", "broken"]
NOT_CLOSED = "a quote is not closed"
TEXT_AFTER_QUOTE = "text after a closing quote"
LOOKALIKE_FIELDS = 6  # from this width on, a line inside a quoted cell that is a whole row by itself is taken for a row


@dataclass(frozen=True)
class Split:
    """The fields of a text, and how it ended: `open` inside a quoted field, `broken` by text after a closing quote."""

    fields: list[str]
    state: State


@dataclass(frozen=True)
class Joined:
    """A record that began at a line: its fields and how many lines it took; `reason` when it is no record (then it took one)."""

    fields: list[str]
    lines: int
    reason: str | None = None


def blanks(delimiter: str) -> str:
    """White space that may stand around a quoted field: blank and TAB, but never the delimiter itself."""
    return " " if delimiter == "\t" else " \t"


@lru_cache(maxsize=16)
def _quoted(delimiter: str) -> re.Pattern[str]:
    """A quoted field (1), whether it closed (2), and the delimiter or end after it (3)."""
    return re.compile(rf'"((?:[^"]++|"")*+)(?:"([{blanks(delimiter)}]*+)({re.escape(delimiter)}|\Z)?|\Z)')


def split(text: str, delimiter: str) -> Split:
    """Split the text of one record (line ends only inside quotes). A quote inside an unquoted field is text: `="123"`.

    Goes from quote to quote, so that a wide record with few quotes costs little.
    """
    fields: list[str] = []
    at = 0
    while (quote := text.find('"', at)) >= 0:
        *plain, before = text[at:quote].split(delimiter)
        fields += plain
        if before.strip(blanks(delimiter)):
            end = text.find(delimiter, quote)
            fields.append(before + text[quote : end if end >= 0 else len(text)])
            if end < 0:
                return Split(fields, "closed")
            at = end + len(delimiter)
            continue
        found = _quoted(delimiter).match(text, quote)
        if found[2] is None:
            return Split(fields, "open")
        if found[3] is None:
            return Split(fields, "broken")
        fields.append(found[1].replace('""', '"'))
        if not found[3]:
            return Split(fields, "closed")
        at = found.end()
    return Split(fields + text[at:].split(delimiter), "closed")


def join(line_at: Callable[[int], str | None], start: int, delimiter: str, most: int, fits: Callable[[list[str]], bool]) -> Joined:
    """Read the record that begins at line `start`, over several lines if a quote is open.

    `line_at(number)` gives a line without its LF (a CR may still stand there), None past the last; `fits(fields)` says whether
    a field count is acceptable. A record that closes in the wrong shape, or not within `most` lines, is no record: its first
    line alone is broken, and reading goes on at the next one. So is one that swallows a line which is a whole row by itself
    (`LOOKALIKE_FIELDS`): then two stray quotes stand far apart in the file, and what lies between them are rows.
    """
    text = line_at(start)
    first = split(text.rstrip("\r"), delimiter)
    if first.state == "closed":
        return Joined(first.fields, 1)
    if first.state == "broken":
        return Joined([], 1, TEXT_AFTER_QUOTE)
    swallows = False
    for taken in range(2, most + 1):
        line = line_at(start + taken - 1)
        if line is None:
            break
        text += "\n" + line
        if '"' in line:
            whole = split(text.rstrip("\r"), delimiter)
            if whole.state == "broken":
                break
            if whole.state == "closed":
                return Joined(whole.fields, taken) if fits(whole.fields) and not swallows else Joined([], 1, NOT_CLOSED)
        swallows = swallows or is_row(line.rstrip("\r"), delimiter, fits)
    return Joined([], 1, NOT_CLOSED)


def is_row(line: str, delimiter: str, fits: Callable[[list[str]], bool]) -> bool:
    """Whether a line alone is a wide, mostly filled row of the table."""
    if line.count(delimiter) < LOOKALIKE_FIELDS - 1:
        return False
    alone = split(line, delimiter)
    filled = sum(bool(field.strip()) for field in alone.fields)
    return alone.state == "closed" and fits(alone.fields) and 2 * filled >= len(alone.fields)


def records(lines: list[str], delimiter: str, most: int, wanted: int) -> Iterator[tuple[int, int, list[str]]]:
    """(first line number, lines taken, fields) of the first `wanted` non-blank records; a broken line is cut at its delimiters."""
    number = 1
    while number <= len(lines) and wanted:
        line = lines[number - 1].rstrip("\r")
        if not line.strip():
            number += 1
            continue
        joined = join(lambda at: lines[at - 1] if at <= len(lines) else None, number, delimiter, most, lambda fields: True)
        yield number, joined.lines, line.split(delimiter) if joined.reason else joined.fields
        number += joined.lines
        wanted -= 1
