"""Bronze and quarantine files: names, and writing them so that a kill at any instant leaves nothing half there.

A file is written aside (`.tmp`), flushed to disk and renamed; its presence is the manifest, its metadata the receipt.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import nullcontext
from pathlib import Path

import duckdb

from orchestration.lake.catalog import ExportRef
from orchestration.lake.columns import QUARANTINE, bronze_types
from orchestration.lake.disk import writing
from orchestration.lake.durable import sync
from orchestration.lake.layout import Lake
from orchestration.lake.receipt import KEY, Receipt
from orchestration.lake.sql import identifier, literal

STRAYS = "_unknown/_unknown"  # quarantine of files that no contract knows
COMPRESSION = "compression zstd, compression_level 1, parquet_version v2"  # v2: tokens as plain lengths and bytes, half the time


def bronze_folder(lake: Lake, ref: ExportRef) -> Path:
    return lake.bronze / ref.platform.platform / ref.name


def quarantine_folder(lake: Lake, ref: ExportRef | None) -> Path:
    return lake.quarantine / (ref.id if ref else STRAYS)


def bronze_file(lake: Lake, ref: ExportRef, receipt: Receipt) -> Path:
    """Where the rows of a loaded (or stale) delivery stand."""
    return bronze_folder(lake, ref) / f"{receipt.delivery_id}.{receipt.fingerprint}.parquet"


def quarantine_file(lake: Lake, ref: ExportRef | None, receipt: Receipt) -> Path:
    """Where the refused rows of a delivery, or the receipt of a refused one, stand."""
    return quarantine_folder(lake, ref) / f"{receipt.delivery_id}.{receipt.fingerprint}.parquet"


def empty_file(lake: Lake, ref: ExportRef) -> Path:
    return bronze_folder(lake, ref) / f"empty.{ref.fingerprint}.parquet"


def write_parquet(con: duckdb.DuckDBPyConnection, query: str, file: Path, receipt: Receipt | None = None) -> None:
    """Write the query's rows to `file`, durably and at once; a receipt goes into the metadata."""
    aside = file.with_name(f"{file.name}.{os.getpid()}.tmp")
    metadata = f", kv_metadata {{{KEY}: {literal(receipt.to_json())}}}" if receipt else ""
    try:
        with writing():
            file.parent.mkdir(parents=True, exist_ok=True)
            con.execute(f"copy ({query}) to {literal(str(aside))} (format parquet, {COMPRESSION}{metadata})").fetchall()
            sync(aside)
            os.replace(aside, file)
            sync(file.parent)
    finally:
        aside.unlink(missing_ok=True)


def write_empty(lake: Lake, ref: ExportRef, con: duckdb.DuckDBPyConnection | None = None) -> None:
    """The zero-row file of an export, so that nothing fails where nothing was delivered; by `con` or an engine of its own."""
    file = empty_file(lake, ref)
    if not file.exists():
        with nullcontext(con) if con else duckdb.connect() as able:
            write_parquet(able, no_rows(bronze_types(ref.export)), file)
        for old in file.parent.glob("empty.*.parquet"):
            if old != file:
                old.unlink(missing_ok=True)


def write_refused(con: duckdb.DuckDBPyConnection, lake: Lake, ref: ExportRef | None, receipt: Receipt, rows: str | None = None) -> None:
    """Keep a receipt of a delivery that has no bronze (refused, duplicate), with the rows that `rows` selects, if any."""
    write_parquet(con, rows or no_rows(QUARANTINE), quarantine_file(lake, ref, receipt), receipt)


def no_rows(types: Mapping[str, str]) -> str:
    """A typed SELECT of nothing."""
    return f"select {', '.join(f'null::{kind} as {identifier(name)}' for name, kind in types.items())} where false"


def sweep(*folders: Path) -> None:
    """Remove what killed writes left behind."""
    for folder in folders:
        for left in folder.glob("*.tmp"):
            left.unlink(missing_ok=True)
