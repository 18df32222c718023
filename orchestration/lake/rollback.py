"""Going back: the link returns to an older release and stays there until someone says `resume`.

Here: the hold (`published/hold`) and what it means. Not here: building or checking releases.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass

from orchestration.lake.durable import sync, write_durably
from orchestration.lake.history import ever_published, now, read_history, record
from orchestration.lake.layout import Lake
from orchestration.lake.releases import ReleaseError, current_version, list_versions, number, switch


@dataclass(frozen=True)
class Hold:
    """Why later runs build but do not switch."""

    at: str
    left: str | None
    went_to: str
    reason: str
    events_before: int  # lines of history that were there when the hold began


def read_hold(lake: Lake) -> Hold | None:
    """The standing hold, or None."""
    path = lake.published / "hold"
    return Hold(**json.loads(path.read_text("utf-8"))) if path.exists() else None


def rollback(lake: Lake, to: str | None = None, reason: str = "") -> str:
    """Switch back to `to` (else to the newest older release that readers once saw) and hold; the version now seen.

    The hold comes first: a kill in between leaves the link where it was, with no later run moving it on.
    """
    before = current_version(lake)
    target = to or _previous(lake, before)
    if target not in list_versions(lake):
        raise ReleaseError(f"there is no release {target}; there are: {', '.join(list_versions(lake)) or 'none'}")
    hold = Hold(now(), before, target, reason, len(read_history(lake)))
    write_durably(lake.published / "hold", json.dumps(asdict(hold), ensure_ascii=False, indent=1))
    record(lake, "rolled_back", target, replaced=switch(lake, target), reason=reason)
    return target


def resume(lake: Lake) -> str | None:
    """End the hold: switch to the newest release that was built and checked meanwhile, if any; the version now seen."""
    hold = read_hold(lake)
    if hold is None:
        return current_version(lake)
    waiting = _built_meanwhile(lake, hold)
    if waiting and waiting[-1] != current_version(lake):
        record(lake, "published", waiting[-1], replaced=switch(lake, waiting[-1]))
    (lake.published / "hold").unlink()
    sync(lake.published)
    record(lake, "resumed", current_version(lake) or hold.went_to)
    return current_version(lake)


def _previous(lake: Lake, current: str | None) -> str:
    seen = ever_published(lake)
    older = [version for version in list_versions(lake) if version in seen and (not current or number(version) < number(current))]
    if not older:
        raise ReleaseError(f"there is no older release to go back to; there are: {', '.join(list_versions(lake)) or 'none'}")
    return older[-1]


def _built_meanwhile(lake: Lake, hold: Hold) -> list[str]:
    """Releases that were held back since the hold began and are still there, oldest first."""
    built = {event.version for event in read_history(lake)[hold.events_before :] if event.event == "held_back"}
    return [version for version in list_versions(lake) if version in built]
