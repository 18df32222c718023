"""One JSON page in memory: parsing it exactly, finding its records, and what is left around them.

Numbers keep every digit, keys lose the white space some vendors leave in them (` OpenID`, `city` + TAB).
Belongs here: pure functions on parsed JSON. Does not: files, DuckDB.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from orchestration.lake.contract import Records
from orchestration.lake.refusal import Refused

EXACT_DIGITS = 15  # decimal digits that survive a double whatever they are (IEEE 754)
MESSAGE = 200  # characters of a platform's error message that are shown
MESSAGE_KEYS = ("errmsg", "errMsg", "message", "msg")


def parse(text: str) -> Any:
    """A parsed JSON text. Raises json.JSONDecodeError, or Refused when it is nested too deeply."""
    try:
        return json.loads(text, object_pairs_hook=_trimmed, parse_float=_exact, parse_constant=_no_constant)
    except RecursionError:
        raise Refused("the JSON is nested too deeply to be an export") from None


def dump(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def check_no_error(page: Any) -> None:
    """Raise Refused when the page is the platform's error answer (a non-zero `errcode`, at its top or one level below)."""
    levels = [page, *page.values()] if isinstance(page, dict) else []
    for level in levels:
        code = level.get("errcode") if isinstance(level, dict) else None
        if code not in (None, 0, "0", ""):
            message = next((str(level[word]) for word in MESSAGE_KEYS if level.get(word)), "no message")
            raise Refused(f"the page is an error answer of the platform: errcode {code}, {message[:MESSAGE]}; pull it again")


def pick(page: Any, ways: Sequence[Records]) -> list[Any]:
    """The records of a page: those of every path that is present, exploded where the contract says so.

    An object where a list is expected counts as a list of one, unless it holds the records of a longer path. `.` is the document
    itself (each element, if it is a list) and is used only if no other path is present; of several such ways a record takes the
    first whose nested list it has.
    Raises Refused, naming the keys the page has, when no path is present.
    """
    found: list[Any] = []
    is_present = False
    reached = {way.path: list(_reach(page, way.path.split("."))) for way in ways if way.path != "."}
    for way in ways:
        # `data` of {"data": {"list": […]}} is the page around the records of `data.list`, no record
        holds_another = any(path.startswith(f"{way.path}.") and values for path, values in reached.items())
        values = [value for value in reached.get(way.path, []) if not (holds_another and isinstance(value, dict))]
        is_present = is_present or bool(values)
        for record in _records(values):
            found += explode(record, way.explode) if way.explode else [record]
    whole = [way.explode for way in ways if way.path == "."]
    if not is_present and not whole:
        keys = "、".join(list(page)[:12]) if isinstance(page, dict) else "no object"
        raise Refused(f"no records at {' or '.join(way.path for way in ways)}; the page has {keys}")
    for record in _records([] if is_present else [page]):
        nested = next((path for path in whole if path and any(True for _ in _reach(record, path.split(".")))), None)
        found += explode(record, nested) if nested else [record]
    return found


def explode(record: Any, path: str) -> list[Any]:
    """One record per element of the nested list at `path`, the element in the list's place; without elements the record, without it."""
    key, _, rest = path.partition(".")
    if not isinstance(record, dict):
        return [record]
    value = record.get(key)
    if rest:
        return [{**record, key: inner} for inner in explode(value, rest)] if value is not None else [record]
    if not isinstance(value, list):
        return [record]
    return [{**record, key: element} for element in value] or [{name: kept for name, kept in record.items() if name != key}]


def around(page: Any, ways: Sequence[Records]) -> dict | None:
    """The page without its records: what context rules may read. None for a bare list."""
    if not isinstance(page, dict):
        return None
    for way in ways:
        path = way.path if way.path != "." else way.explode
        page = _without(page, path.split(".")) if path else page
    return page


def _records(values: Iterable[Any]) -> Iterator[Any]:
    """The elements of lists, and whatever else stands where a list may stand."""
    for value in values:
        yield from value if isinstance(value, list) else [value]


def _reach(value: Any, path: list[str]) -> Iterator[Any]:
    """Values at a path; lists on the way are walked through, an absent key or null ends it."""
    if not path:
        yield value
    elif isinstance(value, list):
        for element in value:
            yield from _reach(element, path)
    elif isinstance(value, dict) and value.get(path[0]) is not None:
        yield from _reach(value[path[0]], path[1:])


def _without(value: Any, path: list[str]) -> Any:
    if not isinstance(value, dict) or path[0] not in value:
        return value
    rest = {key: kept for key, kept in value.items() if key != path[0]}
    return rest if len(path) == 1 else {**rest, path[0]: _without(value[path[0]], path[1:])}


def _trimmed(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    record = dict(pairs)
    if any(key != key.strip() for key in record):
        padded = {key.strip(): value for key, value in pairs}
        record = {**padded, **{key: value for key, value in pairs if key == key.strip()}}
    return record


def _exact(digits: str) -> float | str:
    """A decimal number as a number while a double holds it, else as text with all its digits."""
    return float(digits) if len(digits.lstrip("-0.").replace(".", "")) <= EXACT_DIGITS and "e" not in digits.lower() else digits


def _no_constant(word: str) -> None:
    """NaN and Infinity are no JSON; exports that write them mean "no value"."""
    return None
