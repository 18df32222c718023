"""What is wrong now, and who was told: each trouble is told when it begins, and once more when it is over.

Kept in `warehouse/troubles.json`: trouble → what was said. Keys: `run`, `gate`, `stale:<export>`. Here: memory and wording. Not here:
sending (`alerts`), finding out (CLI, sensors).
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterable, Mapping

from orchestration.lake.alerts import PAUSES, Robot, alert
from orchestration.lake.durable import write_durably
from orchestration.lake.freshness import Freshness
from orchestration.lake.history import now
from orchestration.lake.layout import Lake

RUN, GATE, STALE = "run", "gate", "stale:"
EVENTS = {RUN: "failed", GATE: "refused"}
SHOWN = 8


def open_troubles(lake: Lake) -> dict[str, dict[str, str]]:
    """Trouble → {since, text}."""
    try:
        return json.loads((lake.warehouse_dir / "troubles.json").read_text("utf-8"))
    except (FileNotFoundError, json.JSONDecodeError):
        return {}


def begin_trouble(lake: Lake, robot: Robot | None, kind: str, text: str, pauses: tuple[float, ...] = PAUSES) -> str | None:
    """A run failed or the gate refused: told every time, since every run is somebody's morning. Why it could not be told, or None."""
    before = open_troubles(lake)
    since = before.get(kind, {}).get("since", now())
    _keep(lake, before | {kind: {"since": since, "text": text}})
    return alert(robot, EVENTS[kind], f"Fishpond {EVENTS[kind]}: {text}", pauses)


def end_run(lake: Lake, robot: Robot | None, pauses: tuple[float, ...] = PAUSES) -> str | None:
    """A run published, or had nothing to do: what was open about runs and the gate is over."""
    before = open_troubles(lake)
    over = {key: said for key, said in before.items() if key in (RUN, GATE)}
    if not over:
        return None
    _keep(lake, {key: said for key, said in before.items() if key not in over})
    since = min(said["since"] for said in over.values())
    return alert(robot, "recovered", f"Fishpond recovered: runs publish again (trouble since {since}).", pauses)


def tell_stale(lake: Lake, robot: Robot | None, sources: Iterable[Freshness], pauses: tuple[float, ...] = PAUSES) -> str | None:
    """Sources that became late since the last look, and those that came back, each in one message."""
    before, late = open_troubles(lake), {f"{STALE}{each.export}": each for each in sources if each.late_since}
    known = {key for key in before if key.startswith(STALE)}
    new, over = sorted(set(late) - known), sorted(known - set(late))
    said = {key: {"since": now(), "text": f"newest {late[key].newest_on}, due {late[key].cadence}"} for key in new}
    if new or over:
        _keep(lake, {key: text for key, text in before.items() if key not in over} | said)
    troubles = []
    if new:
        listed = _listed({key.removeprefix(STALE): said[key]["text"] for key in new})
        troubles.append(alert(robot, "stale", f"Fishpond stale: {len(new)} sources are late: {listed}", pauses))
    if over:
        listed = _listed({key.removeprefix(STALE): "" for key in over})
        troubles.append(alert(robot, "recovered", f"Fishpond recovered: {len(over)} sources deliver again: {listed}", pauses))
    return next((trouble for trouble in troubles if trouble), None)


def _listed(texts: Mapping[str, str]) -> str:
    first = [f"{name} ({text})" if text else name for name, text in list(texts.items())[:SHOWN]]
    return ", ".join(first) + (f" and {len(texts) - SHOWN} more" if len(texts) > SHOWN else "")


def _keep(lake: Lake, troubles: Mapping[str, Mapping[str, str]]) -> None:
    with contextlib.suppress(OSError):  # a full disk may be the trouble itself: it is told all the same
        lake.warehouse_dir.mkdir(parents=True, exist_ok=True)
        write_durably(lake.warehouse_dir / "troubles.json", json.dumps(troubles, ensure_ascii=False, indent=1, sort_keys=True))
