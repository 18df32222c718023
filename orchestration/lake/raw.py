"""Schema `raw` of the warehouse: one view per export over its bronze files, named one by one, and what the loader says of itself.

Belongs here: which files count (held out, stale, beyond --as-of) and typed views over them. Does not: writing bronze, dbt.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import duckdb
import pyarrow as pa
from pyarrow import parquet

from orchestration.lake import bronze
from orchestration.lake.catalog import Catalog, ExportRef
from orchestration.lake.columns import QUARANTINE, bronze_types
from orchestration.lake.empty_lists import write_empty_lists
from orchestration.lake.layout import Lake
from orchestration.lake.marker import lake_kind
from orchestration.lake.receipt import Receipt, read_receipt
from orchestration.lake.sql import identifier, literal
from orchestration.lake.stated_totals import write_controls

DELIVERIES = {
    "delivery_id": "VARCHAR", "file_hash": "VARCHAR", "source": "VARCHAR", "export": "VARCHAR",
    "file_name": "VARCHAR", "account": "VARCHAR", "exported_at": "TIMESTAMP", "loaded_at": "TIMESTAMP",
    "rows_in_file": "BIGINT", "rows_loaded": "BIGINT", "rows_quarantined": "BIGINT", "rows_skipped": "BIGINT",
    "status": "VARCHAR", "reason": "VARCHAR", "controls": "VARCHAR", "notes": "VARCHAR",
    "fingerprint": "VARCHAR",
}  # fmt: skip


@dataclass(frozen=True)
class DeliverySet:
    """The bronze files that the views read. `fingerprint` is equal exactly when they are; `as_of_on` is the latest export date."""

    files: tuple[str, ...]
    fingerprint: str
    as_of_on: date | None


@dataclass(frozen=True)
class BronzeStock:
    """One export's receipts, and the bronze files that count: of today's contract, and of older ones."""

    receipts: list[Receipt]
    current: list[Path]
    stale: list[Path]


def register(
    con: duckdb.DuckDBPyConnection, lake: Lake, catalog: Catalog, held_out: Mapping[str, str], as_of: date | None = None
) -> DeliverySet:
    """Make schema `raw` in an open warehouse connection.

    `held_out`: delivery id → reason; these are shown as refused and not read. `as_of`: nothing exported after that day is read.
    """
    con.execute("create schema if not exists raw")
    receipts = _kept_receipts(bronze.quarantine_folder(lake, None))
    files: list[Path] = []
    for ref in catalog.exports.values():
        stock = bronze_stock(lake, ref, held_out, as_of)
        receipts += stock.receipts
        files += [*stock.current, *stock.stale]
        con.execute(f"create or replace view raw.{identifier(ref.relation)} as {_view(con, lake, ref, stock)}")
    names = sorted(file.relative_to(lake.bronze).as_posix() for file in files)
    fingerprint = hashlib.sha256("\n".join(names).encode()).hexdigest()[:16]
    loaded = [receipt.exported_at.date() for receipt in receipts if receipt.status in ("loaded", "stale_contract") and receipt.exported_at]
    known_on = as_of or max(loaded, default=None)
    _write_deliveries(con, receipts)
    write_controls(con, catalog, receipts)
    write_empty_lists(con, receipts)
    _view_quarantine(con, lake)
    con.execute("create or replace table raw.lake__context (as_of_on date, is_sample boolean, delivery_set varchar)")
    con.execute("insert into raw.lake__context values ($1, $2, $3)", [known_on, lake_kind(lake) == "sample", fingerprint])
    return DeliverySet(tuple(names), fingerprint, known_on)


def read_receipts(lake: Lake, catalog: Catalog) -> list[Receipt]:
    """Every receipt in the lake, sorted by file name: what `lake__deliveries` holds, without a warehouse."""
    receipts = _kept_receipts(bronze.quarantine_folder(lake, None))
    for ref in catalog.exports.values():
        receipts += bronze_stock(lake, ref, {}, None).receipts
    return sorted(receipts, key=_place)


def bronze_stock(lake: Lake, ref: ExportRef, held_out: Mapping[str, str], as_of: date | None) -> BronzeStock:
    """An old fingerprint counts only where landing had no original to reload: then nothing newer of the same file is there."""
    found = {
        file: read_receipt(file) for file in sorted(bronze.bronze_folder(lake, ref).glob("*.parquet")) if not file.name.startswith("empty.")
    }
    reloaded = {(r.file_hash, r.file_name) for r in found.values() if r and r.fingerprint == ref.fingerprint}
    stock = BronzeStock([], [], [])
    for file, receipt in found.items():
        if receipt is None:
            continue
        is_stale = receipt.fingerprint != ref.fingerprint
        if is_stale and (receipt.file_hash, receipt.file_name) in reloaded:
            continue
        if receipt.delivery_id in held_out:
            kept_out = receipt.rows_in_file - receipt.rows_skipped
            receipt = replace(receipt, status="refused", reason=held_out[receipt.delivery_id], rows_loaded=0, rows_quarantined=kept_out)
        elif as_of is not None and receipt.exported_at is not None and receipt.exported_at.date() > as_of:
            continue
        else:
            receipt = replace(receipt, status="stale_contract") if is_stale else receipt
            (stock.stale if is_stale else stock.current).append(file)
        stock.receipts.append(receipt)
    there = {receipt.delivery_id for receipt in stock.receipts}
    kept = _kept_receipts(bronze.quarantine_folder(lake, ref))
    stock.receipts.extend(receipt for receipt in kept if receipt.fingerprint == ref.fingerprint and receipt.delivery_id not in there)
    return stock


def _kept_receipts(folder: Path) -> list[Receipt]:
    """Receipts of deliveries without bronze: refused ones and duplicates."""
    found = (read_receipt(file) for file in sorted(folder.glob("*.parquet")))
    return [receipt for receipt in found if receipt is not None]


def _view(con: duckdb.DuckDBPyConnection, lake: Lake, ref: ExportRef, stock: BronzeStock) -> str:
    types = bronze_types(ref.export)
    empty = bronze.empty_file(lake, ref)
    if not empty.exists():
        bronze.write_empty(lake, ref)
    selects = [select_files(types, set(types), stock.current or [empty])]
    selects += [select_files(types, set(parquet.read_schema(file).names), [file]) for file in stock.stale]
    return " union all by name ".join(selects)


def select_files(types: Mapping[str, str], there: Iterable[str], files: Sequence[Path]) -> str:
    """Explicit columns and casts over named files; what an old file lacks, or holds in a type that does not fit, is NULL."""
    there = set(there)
    columns = [f"try_cast({identifier(name) if name in there else 'null'} as {kind}) as {identifier(name)}" for name, kind in types.items()]
    listed = ", ".join(literal(str(file)) for file in files)
    return f"select {', '.join(columns)} from read_parquet([{listed}], hive_partitioning = false)"


def _write_deliveries(con: duckdb.DuckDBPyConnection, receipts: Sequence[Receipt]) -> None:
    rows = [_row(receipt) for receipt in sorted(receipts, key=_place)]
    fields = {"TIMESTAMP": pa.timestamp("us"), "BIGINT": pa.int64(), "VARCHAR": pa.string()}
    table = pa.Table.from_pylist(rows, schema=pa.schema([(name, fields[kind]) for name, kind in DELIVERIES.items()]))
    con.register("fishpond_receipts", table)
    columns = ", ".join(f"cast({name} as {kind}) as {name}" for name, kind in DELIVERIES.items())
    con.execute(f"create or replace table raw.lake__deliveries as select {columns} from fishpond_receipts")
    con.unregister("fishpond_receipts")


def _place(receipt: Receipt) -> tuple[str, str]:
    return receipt.file_name, receipt.delivery_id


def _row(receipt: Receipt) -> dict[str, object]:
    texts = {name: json.dumps(getattr(receipt, name), ensure_ascii=False) for name in ("controls", "notes")}
    return {name: texts.get(name, getattr(receipt, name)) for name in DELIVERIES}


def _view_quarantine(con: duckdb.DuckDBPyConnection, lake: Lake) -> None:
    """Refused rows of every delivery; files without rows (receipts only) are left out, so the list stays short."""
    files = [file for file in sorted(lake.quarantine.glob("*/*/*.parquet")) if parquet.read_metadata(file).num_rows]
    query = select_files(QUARANTINE, QUARANTINE, files) if files else bronze.no_rows(QUARANTINE)
    con.execute(f"create or replace view raw.lake__quarantine as {query}")
