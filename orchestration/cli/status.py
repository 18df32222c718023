"""`status`: the morning's one screen: what readers see, what was built and judged last, what is late, open or waiting.

Reads only; needs no lock.
"""

from __future__ import annotations

import shutil
from collections import Counter

from rich.console import Console
from rich.table import Table

from orchestration.cli.told import late_sources
from orchestration.defs.gate import GateError, explain
from orchestration.lake.build_marks import read_mark
from orchestration.lake.catalog import Catalog, load_catalog
from orchestration.lake.forget import unfinished
from orchestration.lake.history import read_history
from orchestration.lake.landing import scan
from orchestration.lake.layout import Lake
from orchestration.lake.marker import lake_kind
from orchestration.lake.receipt import read_receipt
from orchestration.lake.releases import current_version
from orchestration.lake.rollback import read_hold
from orchestration.lake.troubles import STALE, open_troubles
from orchestration.settings import Settings, read_settings

SHOWN = 6  # late sources that are named


def show_status(console: Console) -> None:
    """Print it as a short table."""
    settings = read_settings()
    lake, catalog = Lake(settings.lake), load_catalog()
    grid = Table.grid(padding=(0, 2))
    grid.add_row("lake", f"{lake.root} ({lake_kind(lake)}), {_free(lake)}")
    rows = {
        "published": _published(lake), "build": _build(lake), "gate": _gate(lake), "landing": _landing(lake, catalog),
        "sources": _sources(lake, catalog), "open": _open(lake), "schedule": _schedule(settings),
    }  # fmt: skip
    for name, text in rows.items():
        grid.add_row(name, text)
    console.print(grid, soft_wrap=True, markup=False)


def _free(lake: Lake) -> str:
    root = next(path for path in (lake.root, *lake.root.parents) if path.exists())
    return f"{shutil.disk_usage(root).free / 1e9:,.1f} GB free"


def _published(lake: Lake) -> str:
    version, hold = current_version(lake), read_hold(lake)
    when = next((event.at for event in reversed(read_history(lake)) if event.version == version), "")
    text = f"{version} since {when}" if version else "nothing yet: fishpond run"
    return f"{text}; held since {hold.at}: fishpond publish --resume" if hold else text


def _build(lake: Lake) -> str:
    mark = read_mark(lake)
    if mark is None:
        return "none"
    return f"whole, by run {mark.marts_by}" if mark.ended else "unfinished: the next run builds the warehouse from nothing"


def _gate(lake: Lake) -> str:
    """The last candidate's verdict, and the first finding by name."""
    try:
        explained = explain(lake)
    except GateError:
        return "no candidate was judged yet"
    verdict = explained.verdict
    counts = f"({verdict.checks_passed:,} checks passed, {len(verdict.blocking)} block, {len(verdict.warnings)} warn)"
    if verdict.passed:
        return f"passed {counts}"
    first = verdict.blocking[0]
    return f"refused {counts}: {first.check} ({first.observed}); fishpond gate explain"


def _landing(lake: Lake, catalog: Catalog) -> str:
    """How many files lie there and what became of them; those without a receipt wait for the next run."""
    if not lake.landing.exists():
        return "empty"
    receipts = [read_receipt(path) for room in (lake.bronze, lake.quarantine) for path in room.glob("*/*/*.parquet")]
    fate = {receipt.file_name: receipt.status for receipt in receipts if receipt and receipt.status != "duplicate"}
    fate |= {receipt.file_name: "duplicate" for receipt in receipts if receipt and receipt.status == "duplicate"}
    counted = Counter(fate.get(delivery.relative, "waiting") for delivery in scan(lake, catalog))
    return ", ".join(f"{number:,} {word}" for word, number in sorted(counted.items())) or "empty"


def _sources(lake: Lake, catalog: Catalog) -> str:
    """Freshness by the cadence of each contract; required sources first."""
    sources = late_sources(lake, catalog)
    late = sorted((each for each in sources if each.late_since), key=lambda each: (not each.is_required, each.late_since))
    if not late:
        return f"{len(sources)} in time" if sources else "nothing was delivered yet"
    named = ", ".join(f"{each.export} ({'required, ' if each.is_required else ''}newest {each.newest_on})" for each in late[:SHOWN])
    more = f" and {len(late) - SHOWN} more" if len(late) > SHOWN else ""
    return f"{len(sources) - len(late)} in time, {len(late)} late: {named}{more}"


def _open(lake: Lake) -> str:
    """Troubles that were told and are not over, and an erasure that was interrupted."""
    troubles = {kind: about for kind, about in open_troubles(lake).items() if not kind.startswith(STALE)}
    said = [f"{kind} since {about['since']}: {about['text']}" for kind, about in troubles.items()]
    interrupted = ["a person is half forgotten: the next run finishes it"] if lake.landing.exists() and unfinished(lake) else []
    return "; ".join([*interrupted, *said]) or "nothing"


def _schedule(settings: Settings) -> str:
    state = "on" if settings.schedules else "off"
    return f"{', '.join(settings.schedule_times)} Asia/Shanghai while fishpond ui runs, {state}"
