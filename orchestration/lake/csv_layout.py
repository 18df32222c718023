"""The frame of one delimited file: where header, records and footer stand, how wide a record is, which repairs are allowed.

Belongs here: reading the head and the tail of a text. Does not: the records between them.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from orchestration.lake import header
from orchestration.lake.contract import Export, Footer
from orchestration.lake.csv_records import records, split
from orchestration.lake.encoding import HEAD, Text
from orchestration.lake.parts import Limits

PREFIXES = "`'\"= \t\ufeff"  # what may stand before the text of a footer's first cell


@dataclass(frozen=True)
class Layout:
    """Physical lines are numbered from 1; records stand on `first`..`last` (`last` < `first` when there are none).

    `footer_offset` is the byte in `Text.path` where the footer begins (None without one). `named` is the width without the
    nameless columns at the end of the header: data rows need not fill those.
    """

    headers: list[str]
    first: int
    last: int
    delimiter: str = ","
    footer: list[tuple[int, list[str]]] = field(default_factory=list)
    footer_offset: int | None = None
    trailing_empty: bool = False
    join_at: int | None = None
    summary_words: frozenset[str] = frozenset()
    summary_starts: tuple[str, ...] = ()

    @property
    def width(self) -> int:
        return len(self.headers)

    @property
    def named(self) -> int:
        filled = [index for index, text in enumerate(self.headers) if header.normalise(text)]
        return filled[-1] + 1 if filled else self.width

    def fit(self, fields: list[str]) -> list[str] | None:
        """The fields as one row of the table, by the repairs the contract allows; None when the count does not fit."""
        count, width = len(fields), self.width
        if count == width:
            return fields
        if self.named <= count < width or (count < width and self._is_summary(fields)):
            return fields + [""] * (width - count)
        if self.trailing_empty and count == width + 1 and not fields[-1].strip():
            return fields[:-1]
        if self.join_at is not None and count > width:
            end = self.join_at + count - width + 1
            return [*fields[: self.join_at], self.delimiter.join(fields[self.join_at : end]), *fields[end:]]
        return None

    def _is_summary(self, fields: list[str]) -> bool:
        """A row the contract skips anyway; exports often leave such a row short."""
        cells = [header.normalise(cell) for cell in fields]
        return any(cell in self.summary_words or (self.summary_starts and cell.startswith(self.summary_starts)) for cell in cells)


def layout_of(text: Text, export: Export, limits: Limits) -> Layout:
    """Find header and footer. Raises `header.NoHeader`."""
    lines = head_lines(text)
    rows = list(records(lines, export.delimiter, limits.record_lines, header.SEARCHED))
    index = header.find([fields for _, _, fields in rows], export)
    number, taken, headers = rows[index]
    first = number + taken
    while first <= len(lines) and not lines[first - 1].strip():
        first += 1
    tail, offsets = _tail_lines(text)
    footer, offset, last = [], None, text.lines
    if export.footer:
        footer, offset, last = _footer(tail, offsets, export.footer, export.delimiter, text.lines)
    blank_from = last
    while blank_from >= max(first, text.lines - len(tail) + 1) and not tail[blank_from - 1 - text.lines + len(tail)].strip():
        blank_from -= 1
    seen = header.match(headers, export)
    return Layout(
        headers=headers, first=first, last=blank_from, delimiter=export.delimiter, footer=footer, footer_offset=offset,
        trailing_empty=export.repair.trailing_empty, join_at=seen.columns.get(export.repair.join_into or ""),
        summary_words=frozenset(header.normalise(word) for rule in export.skip_rows for word in rule.words if header.normalise(word)),
        summary_starts=tuple(header.normalise(rule.starts_with) for rule in export.skip_rows if rule.starts_with),
    )


def head_lines(text: Text) -> list[str]:
    """The first lines without their LF; the last, cut line of a longer file is left out."""
    with text.path.open("rb") as file:
        file.seek(text.start)
        head = file.read(HEAD)
        is_whole = not file.read(1)
    lines = head.decode("utf-8", errors="replace").split("\n")
    is_cut = not is_whole or not lines[-1]
    return lines[:-1] if is_cut and len(lines) > 1 else lines


def _tail_lines(text: Text) -> tuple[list[str], list[int]]:
    """The last physical lines and the byte offset of each."""
    size = text.path.stat().st_size
    start = max(text.start, size - HEAD)
    with text.path.open("rb") as file:
        file.seek(start)
        tail = file.read()
    pieces = tail.split(b"\n")
    if not pieces[-1]:
        pieces.pop()
    offsets, at = [], start
    for piece in pieces:
        offsets.append(at)
        at += len(piece) + 1
    if start > text.start and pieces:
        pieces, offsets = pieces[1:], offsets[1:]
    return [piece.decode("utf-8", errors="replace") for piece in pieces], offsets


def _footer(
    tail: list[str], offsets: list[int], rule: Footer, delimiter: str, lines: int
) -> tuple[list[tuple[int, list[str]]], int | None, int]:
    """(footer lines, byte offset, last line before the footer); the last line that begins with the rule's word starts it."""
    wanted = header.normalise(rule.starts_with)
    for index in range(len(tail) - 1, -1, -1):
        if header.normalise(tail[index].lstrip(PREFIXES)[: len(rule.starts_with) + 40]).startswith(wanted):
            number = lines - len(tail) + 1
            found = [(number + at, tail[at].rstrip("\r")) for at in range(index, len(tail)) if tail[at].strip()]
            return [(line, split(cells, delimiter).fields) for line, cells in found], offsets[index], number + index - 1
    return [], None, lines
