"""Which row is the header, and which cell of it is which column: by content, never by position.

Belongs here: normalising header text, finding the header row, matching it to a contract. Does not: reading files, cell values.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field

from orchestration.lake.contract import Column, Export
from orchestration.lake.refusal import Refused

SEARCHED = 30  # records; the longest preamble seen is nine lines (Baidu), so this is generous
SHOWN = 12  # header cells shown in a refusal
ALIASES = 4  # names of a missing column shown in a refusal
ADVICE = "Export the file again with these columns; if the platform renamed one, add its new name to the contract"
NUMBERS = re.compile(r"[0-9]{5}|@")  # what stands under such a name is data, maybe of a person, no header
# White space, byte order mark, zero-width characters (U+200B-200D, 2060), controls: all are invisible in a header cell.
INVISIBLE = re.compile("[\\s\u0000-\u001f\u007f-\u009f\u200b-\u200d\u2060\ufeff]+")


class NoHeader(Refused):
    """No row carries the contract's header; whoever looks through several sheets or members may go on."""


@dataclass(frozen=True)
class HeaderMatch:
    """A header row seen through a contract.

    `columns`: output column → index of the cell it reads (several may read one). `unknown`: (index, header) no column asks for.
    `dropped`: (index, header) the contract drops. `nameless`: indexes without header text: to be dropped when empty on every
    row, kept like unknown ones (named `column_<index + 1>`) when not.
    """

    columns: dict[str, int]
    unknown: list[tuple[int, str]] = field(default_factory=list)
    dropped: list[tuple[int, str]] = field(default_factory=list)
    nameless: list[int] = field(default_factory=list)
    missing_required: list[str] = field(default_factory=list)
    missing_optional: list[str] = field(default_factory=list)


def normalise(text: str) -> str:
    """Header text as it is compared: NFKC, nothing invisible, 帐 read as 账, case folded."""
    return INVISIBLE.sub("", unicodedata.normalize("NFKC", INVISIBLE.sub("", text))).replace("帐", "账").casefold()


def positions(headers: Sequence[str]) -> dict[str, int]:
    """Normalised header → index; the second of equal headers is `<header>__2`, the third `__3`; nameless ones are left out."""
    found: dict[str, int] = {}
    seen: dict[str, int] = {}
    for index, header in enumerate(headers):
        text = normalise(header)
        if not text:
            continue
        seen[text] = seen.get(text, 0) + 1
        found.setdefault(text if seen[text] == 1 else f"{text}__{seen[text]}", index)
    return found


def match(headers: Sequence[str], export: Export) -> HeaderMatch:
    """Match a header row to the contract; the first alias present wins."""
    at = positions(headers)
    columns: dict[str, int] = {}
    missing: dict[bool, list[str]] = {True: [], False: []}
    for name, column in export.columns.items():
        if not column.headers:
            continue
        index = next((at[alias] for alias in map(normalise, column.headers) if alias in at), None)
        if index is not None:
            columns[name] = index
        elif column.default is None:
            missing[bool(column.required)].append(name)
    used = set(columns.values())
    to_drop = {normalise(header) for header in export.drop}
    rest = [(index, text) for text, index in sorted(at.items(), key=lambda item: item[1]) if index not in used]
    is_dropped = {index: text in to_drop or text.rpartition("__")[0] in to_drop for index, text in rest}
    return HeaderMatch(
        columns=columns,
        unknown=[(index, headers[index]) for index, _ in rest if not is_dropped[index]],
        dropped=[(index, headers[index]) for index, _ in rest if is_dropped[index]],
        nameless=[index for index, header in enumerate(headers) if not normalise(header)],
        missing_required=missing[True],
        missing_optional=missing[False],
    )


def find(rows: Sequence[Sequence[str]], export: Export) -> int:
    """Index of the header row among the first rows: the one with every required column and the most columns in all.

    Raises NoHeader that names what the best candidate lacks and what it has instead.
    """
    best, best_match = -1, HeaderMatch({})
    for index, row in enumerate(rows[:SEARCHED]):
        seen = match(row, export)
        if not seen.columns:
            continue
        if best < 0 or _fit(seen) > _fit(best_match):
            best, best_match = index, seen
    if best >= 0 and not best_match.missing_required:
        return best
    raise NoHeader(_why(rows, best, best_match, export))


def carries(rows: Sequence[Sequence[str]], export: Export) -> bool:
    """Whether one of the rows is the contract's header."""
    try:
        find(rows, export)
    except NoHeader:
        return False
    return True


def _aliases(column: Column) -> list[str]:
    """What a column is called in a header row; `$.…` names a place in the page around the records."""
    return [normalise(alias) for alias in column.headers if not alias.startswith("$.")]


def _fit(seen: HeaderMatch) -> tuple[bool, int, int]:
    return not seen.missing_required, len(seen.columns), -len(seen.unknown)


def _why(rows: Sequence[Sequence[str]], best: int, seen: HeaderMatch, export: Export) -> str:
    if len(seen.columns) < min(2, len(export.columns)):  # no header at all: its cells may be personal data, so none is shown
        widest = max((len(row) for row in rows[:SEARCHED]), default=0)
        return (
            f"no header row of {export.label} in the first {SEARCHED} records (at most {widest} fields wide); "
            f"expected for example {listed(_required(export))}"
        )
    lacking = [f"{name} ({' or '.join(export.columns[name].headers[:ALIASES])})" for name in seen.missing_required]
    others = [header for _, header in seen.unknown]
    instead = f"; it has instead {listed(others)}" if others else ""
    return f"the header row (record {best + 1}) lacks required columns: {', '.join(lacking)}{instead}. {ADVICE}"


def _required(export: Export) -> list[str]:
    named = [column for column in export.columns.values() if _aliases(column)]
    return [column.headers[0] for column in [column for column in named if column.required] or named]


def listed(cells: Sequence[str]) -> str:
    """Header texts as a refusal shows them: the first few, cut, without those that are data."""
    named = [INVISIBLE.sub("", cell)[:30] for cell in cells if normalise(cell) and not NUMBERS.search(normalise(cell))]
    return "、".join(named[:SHOWN]) + (" …" if len(named) > SHOWN else "") if named else "nothing"
