"""Which sources are late: the last delivery of every export that ever delivered, against the cadence that its contract states.

Here: pure judgement over receipts. Not here: telling anybody (`troubles`), the days of each export (`quality.coverage`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from orchestration.lake.catalog import Catalog
from orchestration.lake.receipt import Receipt

GRACE = {"daily": timedelta(days=2), "weekly": timedelta(days=9), "monthly": timedelta(days=35)}  # a period, and time to notice


@dataclass(frozen=True)
class Freshness:
    """One export: the newest export date of what was loaded, how often it is due, and since when it is late (None: in time)."""

    export: str
    newest_on: date
    cadence: str
    is_required: bool
    late_since: date | None


def freshness(catalog: Catalog, receipts: Iterable[Receipt], today: date) -> list[Freshness]:
    """Every export that has loaded deliveries, the latest first by lateness, then by name. `on_change` is never late."""
    newest: dict[str, date] = {}
    for receipt in receipts:
        name = f"{receipt.source}/{receipt.export}"
        if receipt.status in ("loaded", "stale_contract") and receipt.exported_at and name in catalog.exports:
            newest[name] = max(newest.get(name, date.min), receipt.exported_at.date())
    found = [_judged(catalog, name, on, today) for name, on in newest.items()]
    return sorted(found, key=lambda each: (each.late_since or date.max, each.export))


def _judged(catalog: Catalog, name: str, newest_on: date, today: date) -> Freshness:
    export = catalog.exports[name].export
    grace = GRACE.get(export.cadence)
    due = newest_on + grace if grace else date.max
    return Freshness(name, newest_on, export.cadence, export.required_for_publish, due if today > due else None)
