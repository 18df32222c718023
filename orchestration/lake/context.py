"""What the rows themselves do not say: account, business day, export time and open platform of a delivery, by its contract's rules.

Belongs here: answering rules from path, payload and loaded columns. Does not: file system clocks, which know nothing of an export.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from orchestration.lake.contract import ContextRule, Export
from orchestration.lake.receipt import SHANGHAI

ACCOUNT_FOLDER = (ContextRule(folder="account"),)
DATE_FOLDER = (ContextRule(folder="date"),)
OPEN_PLATFORM = (ContextRule(folder="account", pattern="@(.+)$"), ContextRule(constant="main"))
PER_SECOND = {"s": 1, "ms": 1_000, "us": 1_000_000}
MOMENT = re.compile(
    r"(\d{4})[-/.年]?(\d{1,2})[-/.月]?(\d{1,2})日?(?:[ T_-]*(\d{1,2})[:时]?(\d{2})[:分]?(\d{2})?(?:\.\d+)?秒?(Z|[-+]\d{2}:?\d{2})?)?"
)
PAGE_OF_FILE = re.compile(r"(?:\d_|(?<![A-Za-z])(?:page|p)[_-]?|第)(\d{1,6})页?\.[A-Za-z.]+$", re.IGNORECASE)
EARLIEST, LATEST = datetime(2000, 1, 1), datetime(2100, 1, 1)  # outside, digits were no date


@dataclass(frozen=True)
class Context:
    """What path and file name alone say; part of a delivery's identity. Times are Shanghai wall time."""

    account: str | None = None
    business_on: date | None = None
    exported_at: datetime | None = None
    open_platform: str | None = None

    def identity(self) -> str:
        """The text that enters the delivery id."""
        return "\0".join(
            "" if part is None else str(part) for part in (self.account, self.business_on, self.exported_at, self.open_platform)
        )


@dataclass(frozen=True)
class Place:
    """Where a file lies: its base name and the `key=value` folders around it."""

    file_name: str
    folders: Mapping[str, str]


def place_of(parts: Sequence[str]) -> Place:
    """The place of a path below the export's folder, given as its parts."""
    return Place(parts[-1], dict(part.split("=", 1) for part in parts[:-1] if "=" in part))


def path_context(export: Export, place: Place) -> Context:
    """The context as far as the path tells it."""

    def first(rules: Sequence[ContextRule]) -> tuple[ContextRule, str] | None:
        return next(((rule, answer) for rule in rules if (answer := said(rule, place)) is not None), None)

    account, day = first(export.account or ACCOUNT_FOLDER), first(export.date or DATE_FOLDER)
    exported, platform = first(export.exported_at), first(export.open_platform or OPEN_PLATFORM)
    moment = _moment_of(day)
    return Context(account and account[1], moment and moment.date(), _moment_of(exported), platform and platform[1])


def said(rule: ContextRule, place: Place, payload: Mapping[str, Any] | None = None) -> str | None:
    """What one rule answers from path or payload, as text; None when it does not (a `column` rule never does here)."""
    if rule.file_name is not None:
        found = re.search(rule.file_name, place.file_name)
        answer = found.group(1) if found else None
    elif rule.folder is not None:
        answer = place.folders.get(rule.folder)
        if rule.folder == "account" and rule.pattern is None and answer is not None:
            answer = answer.split("@", 1)[0]
    elif rule.payload is not None:
        answer = in_payload(payload, rule.payload)
    else:
        answer = rule.constant
    if rule.pattern is not None and answer is not None:
        found = re.search(rule.pattern, answer)
        answer = found.group(1) if found else None
    return answer or None


def in_payload(payload: Mapping[str, Any] | None, path: str) -> str | None:
    """The scalar at a dotted path of the page around the records, as text."""
    node: Any = payload
    for key in path.removeprefix("$.").split("."):
        node = node.get(key) if isinstance(node, Mapping) else None
    return None if node is None or isinstance(node, Mapping | list) else str(node)


def with_page_number(payload: Mapping[str, Any] | None, relative: str) -> dict[str, Any] | None:
    """The page around the records, and as `page_number` the number in which its file's name ends: the last of two (`…_083000_0004.json`),
    or one that is called a page (`…_page3.json`, `…_p3.json`, `…第3页.json`).

    A number that follows another word (`…_get_0001.json`) counts something else.
    """
    found = PAGE_OF_FILE.search(relative)
    return payload if found is None or payload is None else {"page_number": int(found[1]), **payload}


def read_moment(text: str, rule: ContextRule) -> datetime | None:
    """A moment in Shanghai wall time from what a rule answered, by its `epoch` or `format`, else any usual form; None if it is none."""
    text = text.strip()
    try:
        if rule.epoch is not None:
            seconds = int(text) / PER_SECOND[rule.epoch]
            moment = datetime.fromtimestamp(seconds, UTC).astimezone(SHANGHAI).replace(tzinfo=None, microsecond=0)
        elif rule.format is not None:
            moment = _to_shanghai(datetime.strptime(text, rule.format))
        else:
            moment = _any_form(text)
    except (ValueError, OverflowError, OSError):
        return None
    return moment if moment is not None and EARLIEST <= moment < LATEST else None


def _moment_of(answer: tuple[ContextRule, str] | None) -> datetime | None:
    return read_moment(answer[1], answer[0]) if answer else None


def _any_form(text: str) -> datetime | None:
    found = MOMENT.fullmatch(text)
    if not found:
        return None
    year, month, day, hour, minute, second = (int(group or 0) for group in found.groups()[:6])
    moment = datetime(year, month, day, hour, minute, second)
    zone = found.group(7)
    if zone is None:
        return moment
    sign = -1 if zone.startswith("-") else 1
    offset = timedelta() if zone == "Z" else sign * timedelta(hours=int(zone[1:3]), minutes=int(zone[-2:]))
    return moment - offset + timedelta(hours=8)


def _to_shanghai(moment: datetime) -> datetime:
    return moment if moment.tzinfo is None else moment.astimezone(SHANGHAI).replace(tzinfo=None)
