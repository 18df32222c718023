"""`source list` and `source check`: what the contracts know, and what they make of a file that a person holds in their hand."""

from __future__ import annotations

import shutil
import tempfile
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path

from pyarrow import parquet
from rich.console import Console
from rich.table import Table

from orchestration.cli.exits import PUBLISHED, REFUSED
from orchestration.cli.source_table import HEADERS, markdown_table, source_rows, write_table
from orchestration.lake.bronze import bronze_file, quarantine_file
from orchestration.lake.catalog import Catalog, ExportRef, load_catalog
from orchestration.lake.facts import NO_ACCOUNT, NO_DATE
from orchestration.lake.landing import scan
from orchestration.lake.layout import Lake
from orchestration.lake.loader import load_export
from orchestration.lake.originals import original_row
from orchestration.lake.receipt import Receipt, now_in_shanghai
from orchestration.lake.recognise import Guess, recognise

BAD_ROWS = 5
PEPPER = b"only for looking at one file"


@dataclass(frozen=True)
class Fit:
    """One contract's reading of a file: its receipt, the rows it refused, and the folders that must tell what the file does not."""

    ref: ExportRef
    receipt: Receipt
    bad: tuple[tuple[dict, str | None], ...]
    folders: tuple[str, ...] = ()


def list_sources(console: Console, markdown: bool = False, write: Path | None = None) -> None:
    """Every export with its key, identity keys, cadence and evidence: on the screen, as Markdown, or into a file's marked block."""
    catalog = load_catalog()
    if write is not None:
        changed = write_table(write, catalog)
        console.print(f"{write}: {'table of sources written' if changed else 'nothing to change'}", markup=False, soft_wrap=True)
    elif markdown:
        console.print(markdown_table(catalog), markup=False, soft_wrap=True)
    else:
        table = Table(*HEADERS, box=None, padding=(0, 1, 0, 0))
        for row in source_rows(catalog):
            table.add_row(*row)
        console.print(table)


def check_files(console: Console, files: list[Path]) -> int:
    """Print, for each file, the contract that fits and what it makes of it; 1 if no contract fits one of them, else 0."""
    catalog = load_catalog()
    fits = [_show(console, path, recognise(path, catalog), catalog) for path in files]
    return PUBLISHED if all(fits) else REFUSED


def _show(console: Console, path: Path, guess: Guess, catalog: Catalog) -> bool:
    console.print(f"\n{path}", markup=False, soft_wrap=True)
    for export_id in guess.exports:
        fit = try_contract(path, catalog.exports[export_id])
        if fit.receipt.status == "refused":
            console.print(f"  not {export_id}: {fit.receipt.reason}", markup=False, soft_wrap=True)
            continue
        _show_fit(console, fit)
        return True
    if guess.refusal and not guess.exports:
        console.print(f"  {guess.refusal}", markup=False, soft_wrap=True)
    console.print("  no contract fits; `fishpond source list` shows what is known, README.md how to add a source")
    return False


def _show_fit(console: Console, fit: Fit) -> None:
    receipt = fit.receipt
    label = f"{fit.ref.platform.label} {fit.ref.export.label}"
    place = "".join(f"{folder}=…/" for folder in fit.folders)
    why = f" (the file does not tell its {' and '.join(fit.folders)})" if fit.folders else ""
    console.print(f"  fits {fit.ref.id} ({label}); deliver it to landing/{fit.ref.id}/{place}{why}", markup=False, soft_wrap=True)
    when = "" if "date" in fit.folders else f"; exported at {receipt.exported_at}"
    console.print(
        f"  {receipt.rows_in_file:,} rows: {receipt.rows_loaded:,} load, {receipt.rows_quarantined:,} are refused, "
        f"{receipt.rows_skipped:,} are no records{when}"
    )
    for note, times in Counter(", ".join(f"{key}: {value}" for key, value in note.items()) for note in receipt.notes).items():
        console.print(f"  {note}" + (f" ({times} times)" if times > 1 else ""), markup=False, soft_wrap=True)
    for row, original in fit.bad:
        console.print(f"  line {row['line_number']}  {row['column_name'] or ''}  {row['reason']}", markup=False, soft_wrap=True)
        console.print(f"    {original if original is not None else row['shape']}", markup=False, soft_wrap=True)


def try_contract(path: Path, ref: ExportRef) -> Fit:
    """Load the file under one contract in a lake that is forgotten at once. Account and day are read from `key=value` folders around the
    file; where nothing tells them, it is looked at as if something did, and the fit names the folders that must."""
    told = tuple(part for part in path.resolve().parent.parts if part.startswith(("account=", "date=")))
    fit = _load(path, ref, told)
    for reason, folder, value in ((NO_DATE, "date", str(now_in_shanghai().date())), (NO_ACCOUNT, "account", "…")):
        if (fit.receipt.reason or "").startswith(reason):
            told = (*told, f"{folder}={value}")
            fit = replace(_load(path, ref, told), folders=tuple(sorted((*fit.folders, folder))))
    return fit


def _load(path: Path, ref: ExportRef, folders: tuple[str, ...]) -> Fit:
    with tempfile.TemporaryDirectory(prefix="fishpond-check-") as folder:
        lake = Lake(Path(folder)).prepare()
        landed = lake.landing.joinpath(ref.id, *folders, path.name)
        landed.parent.mkdir(parents=True)
        shutil.copyfile(path, landed)
        catalog = Catalog({ref.id: ref}, ref.shared)
        receipt = load_export(lake, ref, scan(lake, catalog), PEPPER)[0]
        refused = quarantine_file(lake, ref, receipt)
        rows = parquet.read_table(refused).to_pylist() if refused.exists() and bronze_file(lake, ref, receipt).exists() else []
        return Fit(ref, receipt, tuple((row, original_row(path, row["line_number"], row["part"])) for row in rows[:BAD_ROWS]))
