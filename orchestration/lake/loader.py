"""Deliveries of one export → bronze, each exactly once: skips what is there, loads the rest, reports everything.

Belongs here: which deliveries need work, duplicates, what an older contract made. Does not: threads and connections (workers), the
steps inside one delivery (load_one).
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable, Iterable, Sequence
from contextlib import nullcontext
from dataclasses import replace
from datetime import date
from pathlib import Path

import duckdb

from orchestration.lake import bronze
from orchestration.lake.catalog import ExportRef
from orchestration.lake.damage import mend, remember_written
from orchestration.lake.landing import Delivery
from orchestration.lake.layout import Lake
from orchestration.lake.load_one import blank_receipt
from orchestration.lake.parts import Limits
from orchestration.lake.receipt import Receipt, now_in_shanghai, read_receipt
from orchestration.lake.workers import Workers

__all__ = ["Receipt", "load_export", "report_strays", "sweep_work"]

Progress = Callable[[int, int], None]  # deliveries done, deliveries in all


def load_export(
    lake: Lake, ref: ExportRef, deliveries: Sequence[Delivery], pepper: bytes, on_progress: Progress | None = None, *,
    run_on: date | None = None, memory_limit: str | None = None, limits: Limits | None = None, workers: Workers | None = None,
) -> list[Receipt]:  # fmt: skip
    """Load every delivery of one export that has no bronze yet; a receipt for each, old and new, in the given order.

    `run_on`: the day of the run (today in Shanghai); deliveries dated more than a day after it are refused. `workers`: those that
    several exports share; else (with `memory_limit`) some of its own. Exports may be loaded from several threads at once.
    """
    run_on = run_on or now_in_shanghai().date()
    folders = bronze.bronze_folder(lake, ref), bronze.quarantine_folder(lake, ref)
    bronze.sweep(*folders)
    mend(*folders, {delivery.delivery_id for delivery in deliveries})
    lake.work.mkdir(parents=True, exist_ok=True, mode=0o700)
    older = _older_files(folders, ref.fingerprint)
    receipts: dict[str, Receipt] = {}  # by relative path
    pending: list[Delivery] = []
    for delivery, original in _with_originals(lake, ref, deliveries):
        if original is not None:
            receipts[delivery.relative] = _duplicate(lake, delivery, original)
        elif (before := _before(lake, delivery, run_on)) is not None:
            receipts[delivery.relative] = before
            _forget(older, before)
        else:
            pending.append(delivery)
    done = len(receipts)
    with nullcontext(workers) if workers else Workers(lake, pepper, memory_limit) as able:
        able.write_empty(ref)
        for receipt in able.load(pending, run_on, limits or Limits()):
            receipts[receipt.file_name] = receipt
            _forget(older, receipt)
            done += 1
            if on_progress:
                on_progress(done, len(deliveries))
    remember_written(*folders)
    return [receipts[delivery.relative] for delivery in deliveries]


def sweep_work(lake: Lake) -> None:
    """Remove what killed loads left in the work folder: decoded copies of files, with personal data. For the lake's only writer."""
    for left in lake.work.iterdir() if lake.work.is_dir() else ():
        shutil.rmtree(left) if left.is_dir() else left.unlink()


def report_strays(lake: Lake, deliveries: Iterable[Delivery]) -> list[Receipt]:
    """Keep a refused receipt of every file that belongs to no export; receipts of files that are gone are removed."""
    folder = bronze.quarantine_folder(lake, None)
    receipts = [replace(blank_receipt(delivery), reason=delivery.refusal) for delivery in deliveries if delivery.export_ref is None]
    there = {bronze.quarantine_file(lake, None, receipt): receipt for receipt in receipts}
    for old in folder.glob("*.parquet"):
        if old not in there:
            old.unlink()
    with duckdb.connect() as con:
        for file, receipt in there.items():
            if not file.exists():
                bronze.write_refused(con, lake, None, receipt)
    return receipts


def _with_originals(lake: Lake, ref: ExportRef, deliveries: Sequence[Delivery]) -> list[tuple[Delivery, Delivery | None]]:
    """Each delivery with the one whose bytes and context it repeats, if any. What is loaded already stays the original."""
    by_id: dict[str, list[Delivery]] = {}
    for delivery in deliveries:
        by_id.setdefault(delivery.delivery_id, []).append(delivery)
    first: dict[str, Delivery] = {}
    for delivery_id, same in by_id.items():
        first[delivery_id] = same[0]
        if len(same) > 1:
            file = bronze.bronze_file(lake, ref, blank_receipt(same[0]))
            loaded = read_receipt(file) if file.exists() else None
            first[delivery_id] = next((each for each in same if loaded and each.relative == loaded.file_name), same[0])
    return [(delivery, None if first[delivery.delivery_id] is delivery else first[delivery.delivery_id]) for delivery in deliveries]


def _before(lake: Lake, delivery: Delivery, run_on: date) -> Receipt | None:
    """The receipt of an earlier run that still holds."""
    blank = blank_receipt(delivery)
    loaded = bronze.bronze_file(lake, delivery.export_ref, blank)
    if loaded.exists():
        return read_receipt(loaded)
    refused = bronze.quarantine_file(lake, delivery.export_ref, blank)
    receipt = read_receipt(refused) if refused.exists() else None
    if receipt is None or receipt.status != "refused" or (receipt.retry_from is not None and run_on >= receipt.retry_from):
        return None
    return receipt


def _duplicate(lake: Lake, delivery: Delivery, original: Delivery) -> Receipt:
    """The receipt of a file that says what another one said; it gets an id of its own, from its path."""
    own = f"{delivery.delivery_id}-{hashlib.sha256(delivery.relative.encode()).hexdigest()[:8]}"
    blank = replace(
        blank_receipt(delivery), delivery_id=own, status="duplicate", reason=f"the same bytes and context as {original.relative}"
    )
    file = bronze.quarantine_file(lake, delivery.export_ref, blank)
    if file.exists():
        return read_receipt(file) or blank
    with duckdb.connect() as con:
        bronze.write_refused(con, lake, delivery.export_ref, blank)
    return blank


def _older_files(folders: Iterable[Path], fingerprint: str) -> dict[Path, Receipt | None]:
    """Bronze and quarantine files of the export that another contract made, with their receipts (None: refused rows without one)."""
    files = (file for folder in folders for file in folder.glob("*.*.parquet"))
    names = ((file, file.name.split(".")) for file in files)
    older = (file for file, name in names if len(name) == 3 and name[0] != "empty" and name[1] != fingerprint)
    return {file: read_receipt(file) for file in older}


def _forget(older: dict[Path, Receipt | None], receipt: Receipt) -> None:
    """After a reload under a changed contract: remove what an older one made of the same file.

    A refusal that may pass keeps it. Matched by bytes and path, not by id alone, because a changed context rule gives the
    same file another id.
    """
    if receipt.retry_from is not None:
        return
    for file, old in list(older.items()):
        is_same = (
            (old.file_hash, old.file_name) == (receipt.file_hash, receipt.file_name)
            if old
            else file.name.startswith(f"{receipt.delivery_id}.")
        )
        if is_same:
            file.unlink(missing_ok=True)
            del older[file]
