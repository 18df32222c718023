"""`status`: what readers see, what was built and judged last, what waits in landing. Reads only; needs no lock."""

from __future__ import annotations

from collections import Counter

from rich.console import Console
from rich.table import Table

from orchestration.defs.gate import GateError, explain
from orchestration.lake.build_marks import read_mark
from orchestration.lake.catalog import load_catalog
from orchestration.lake.history import read_history
from orchestration.lake.landing import scan
from orchestration.lake.layout import Lake
from orchestration.lake.marker import lake_kind
from orchestration.lake.receipt import read_receipt
from orchestration.lake.releases import current_version
from orchestration.lake.rollback import read_hold
from orchestration.settings import read_settings


def show_status(console: Console) -> None:
    """Print it as a short table."""
    lake = Lake(read_settings().lake)
    grid = Table.grid(padding=(0, 2))
    grid.add_row("lake", f"{lake.root} ({lake_kind(lake)})")
    for name, text in (("published", _published(lake)), ("build", _build(lake)), ("gate", _gate(lake)), ("landing", _landing(lake))):
        grid.add_row(name, text)
    console.print(grid, soft_wrap=True)


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
    try:
        explained = explain(lake)
    except GateError:
        return "no candidate was judged yet"
    verdict = explained.verdict
    word = "passed" if verdict.passed else "refused: fishpond gate explain"
    return f"{word} ({verdict.checks_passed:,} checks passed, {len(verdict.blocking)} block, {len(verdict.warnings)} warn)"


def _landing(lake: Lake) -> str:
    """How many files lie there and what became of them; those without a receipt wait for the next run."""
    if not lake.landing.exists():
        return "empty"
    receipts = [read_receipt(path) for room in (lake.bronze, lake.quarantine) for path in room.glob("*/*/*.parquet")]
    fate = {receipt.file_name: receipt.status for receipt in receipts if receipt and receipt.status != "duplicate"}
    fate |= {receipt.file_name: "duplicate" for receipt in receipts if receipt and receipt.status == "duplicate"}
    counted = Counter(fate.get(delivery.relative, "waiting") for delivery in scan(lake, load_catalog()))
    return ", ".join(f"{number:,} {word}" for word, number in sorted(counted.items())) or "empty"
