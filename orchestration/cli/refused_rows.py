"""`quarantine show`: refused files and rows with their reasons and, as long as landing has the file, what really stands there.

It prints personal data, as landing holds it; everything else in the lake knows only a row's shape.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from pyarrow import parquet
from rich.console import Console

from orchestration.lake.layout import Lake
from orchestration.lake.originals import original_row
from orchestration.lake.plain import plain
from orchestration.lake.receipt import Receipt, read_receipt
from orchestration.settings import read_settings


def show_refused(console: Console, delivery: str | None, export: str | None, rows: int) -> None:
    """Print refused deliveries, and at most `rows` refused rows; limited to a delivery id (or its beginning) or an export."""
    lake, shown, files = Lake(read_settings().lake), 0, 0
    for path, receipt in _refusals(lake, delivery, export):
        files += 1
        original = lake.landing / receipt.file_name
        there = "" if original.exists() else "  (no longer in landing)"
        console.print(f"\n{receipt.delivery_id}  {plain(receipt.file_name)}{there}", markup=False, soft_wrap=True)
        if receipt.status == "refused":
            console.print(f"  refused whole: {plain(str(receipt.reason))}", markup=False, soft_wrap=True)
        for row in parquet.read_table(path).to_pylist()[: max(rows - shown, 0)]:
            shown += 1
            _show_row(console, original, row)
    if files == 0:
        console.print("nothing is refused" if not (delivery or export) else "nothing refused fits that delivery or export")
    elif shown >= rows:
        console.print(f"\nthe first {rows} rows; --rows shows more", markup=False)


def _show_row(console: Console, original: Path, row: dict) -> None:
    place = f"line {row['line_number']}" + (f" of {row['part']}" if row["part"] else "")
    column = f"{row['column_name']}: " if row["column_name"] else ""
    console.print(f"  {place}  {column}{row['reason']}", markup=False, soft_wrap=True)
    said = original_row(original, row["line_number"], row["part"]) if original.exists() and row["line_number"] else None
    console.print(f"    {plain(said if said is not None else row['shape'])}", markup=False, soft_wrap=True)


def _refusals(lake: Lake, delivery: str | None, export: str | None) -> Iterator[tuple[Path, Receipt]]:
    """Quarantine files with rows or with a refused delivery; duplicates are no refusal."""
    for path in sorted(lake.quarantine.glob(f"{export or '*/*'}/*.parquet")):
        bronze = lake.bronze / path.relative_to(lake.quarantine)
        receipt = read_receipt(path) or (read_receipt(bronze) if bronze.exists() else None)
        fits = receipt and receipt.status != "duplicate" and receipt.delivery_id.startswith(delivery or "")
        if receipt and fits and (receipt.status == "refused" or receipt.rows_quarantined):
            yield path, receipt
