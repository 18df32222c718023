"""What happened to releases, one JSON line each in `published/history.jsonl`; only ever appended.

Here: events and what they say about versions. Not here: doing anything to a release.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Literal
from zoneinfo import ZoneInfo

from orchestration.lake.durable import append_durably
from orchestration.lake.layout import Lake

SHANGHAI = ZoneInfo("Asia/Shanghai")
EventKind = Literal["published", "held_back", "rolled_back", "resumed", "pruned"]


@dataclass(frozen=True)
class Event:
    """`published` and `rolled_back`: the link now points to `version`; `held_back`: it was built while a hold stood."""

    event: EventKind
    version: str
    at: str
    replaced: str | None = None
    reason: str = ""


def now() -> str:
    """Asia/Shanghai wall time to the second: run records are the only place where the clock is read."""
    return datetime.now(SHANGHAI).replace(tzinfo=None, microsecond=0).isoformat()


def record(lake: Lake, event: EventKind, version: str, replaced: str | None = None, reason: str = "") -> Event:
    """Append one event and force it to disk."""
    happened = Event(event, version, now(), replaced, reason)
    lake.published.mkdir(parents=True, exist_ok=True)
    append_durably(lake.published / "history.jsonl", json.dumps(asdict(happened), ensure_ascii=False))
    return happened


def read_history(lake: Lake) -> list[Event]:
    """All events in order; an unfinished last line (a kill while it was written) does not count."""
    path = lake.published / "history.jsonl"
    if not path.exists():
        return []
    text = path.read_text("utf-8")
    return [Event(**json.loads(line)) for line in text[: text.rfind("\n") + 1].splitlines()]


def erased_since_published(lake: Lake) -> bool:
    """Whether somebody was forgotten (a line of `published/erasures.jsonl`) since readers were last shown a version."""
    receipts = lake.published / "erasures.jsonl"
    shown = [event.at for event in read_history(lake) if event.event in ("published", "rolled_back")]
    if not shown or not receipts.exists():
        return False
    return any(json.loads(line)["at"] >= shown[-1] for line in receipts.read_text("utf-8").splitlines() if line.endswith("}"))


def ever_published(lake: Lake) -> set[str]:
    """Versions that readers once saw."""
    return {event.version for event in read_history(lake) if event.event in ("published", "rolled_back")}
