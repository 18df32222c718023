"""Loading a range of days again from landing: after a contract was corrected in a way its fingerprint does not show, or to be sure.

Here: setting aside what was loaded of these days, so that the next load reads the originals again. Not here: loading.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from orchestration.lake.bronze import bronze_file, quarantine_file
from orchestration.lake.landing import Delivery
from orchestration.lake.layout import Lake
from orchestration.lake.load_one import blank_receipt
from orchestration.lake.receipt import read_receipt


@dataclass(frozen=True)
class Backfill:
    """`reloaded`: deliveries of these days that are loaded again; `undated`: refused ones without an export time, tried again too."""

    reloaded: int
    undated: int


def set_aside(lake: Lake, deliveries: Iterable[Delivery], first: date, last: date) -> Backfill:
    """Forget what was loaded of deliveries exported from `first` to `last`, both included; only where landing has the original."""
    reloaded = undated = 0
    for delivery in deliveries:
        if delivery.export_ref is None:
            continue
        blank = blank_receipt(delivery)
        files = [bronze_file(lake, delivery.export_ref, blank), quarantine_file(lake, delivery.export_ref, blank)]
        receipt = next((found for file in files if file.exists() and (found := read_receipt(file))), None)
        if receipt is None or (receipt.exported_at is not None and not first <= receipt.exported_at.date() <= last):
            continue
        reloaded, undated = reloaded + (receipt.exported_at is not None), undated + (receipt.exported_at is None)
        for file in files:  # bronze first: a kill in between leaves a delivery that is simply loaded again
            file.unlink(missing_ok=True)
    return Backfill(reloaded, undated)
