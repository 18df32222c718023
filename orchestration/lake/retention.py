"""How long originals stay in landing, the room with personal data: after so many days they move to the archive, or are deleted.

What was loaded from them stays in bronze, under the status it has. Here: which files, and moving them. Not here: releases (`prune`).
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from datetime import date, timedelta

from orchestration.lake.bronze import bronze_file, quarantine_file
from orchestration.lake.durable import sync
from orchestration.lake.landing import Delivery
from orchestration.lake.layout import Lake
from orchestration.lake.load_one import blank_receipt
from orchestration.lake.receipt import Receipt, read_receipt


def retire_originals(lake: Lake, deliveries: Iterable[Delivery], days: int | None, then: str, today: date) -> list[str]:
    """Archive or delete originals that were loaded (or refused) more than `days` ago; their paths below landing.

    A file that no run has looked at yet stays, however old it is. `archive` keeps the path below `<lake>/archive/landing` (0700).
    """
    if days is None:
        return []
    retired = []
    for delivery in deliveries:
        receipt = _receipt(lake, delivery)
        if receipt is None or receipt.loaded_at.date() + timedelta(days) >= today:
            continue
        if then == "archive":
            _archive(lake, delivery)
        else:
            delivery.path.unlink()
        retired.append(delivery.relative)
    return retired


def archive_of(lake: Lake) -> Lake:
    """Where retired originals stand, laid out like a lake of its own."""
    return Lake(lake.root / "archive")


def _receipt(lake: Lake, delivery: Delivery) -> Receipt | None:
    if delivery.export_ref is None:
        return None
    blank = blank_receipt(delivery)
    files = (bronze_file(lake, delivery.export_ref, blank), quarantine_file(lake, delivery.export_ref, blank))
    found = (read_receipt(file) for file in files if file.exists())
    return next((receipt for receipt in found if receipt), None)


def _archive(lake: Lake, delivery: Delivery) -> None:
    place = archive_of(lake).landing / delivery.path.relative_to(lake.landing)
    place.parent.mkdir(parents=True, exist_ok=True)
    archive_of(lake).landing.chmod(0o700)
    os.replace(delivery.path, place)
    sync(place.parent)
