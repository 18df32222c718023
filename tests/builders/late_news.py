"""Late deliveries for a lake that stands, made of rows of its own bronze: told again with other amounts, told of an older sale that nobody
knew, told of another person, or as a list that may close what stood.

Here: writing them beside the files from which they are taken. Not here: builds (`going_on`).
"""

from __future__ import annotations

import hashlib
import random
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import duckdb

from orchestration.lake.bronze import bronze_folder, write_parquet
from orchestration.lake.catalog import Catalog, ExportRef
from orchestration.lake.layout import Lake
from orchestration.lake.receipt import read_receipt
from orchestration.lake.sql import identifier

WAYS = ("again", "older", "other person")
LATER_DAYS = 4
OLDER_DAYS = 40  # an order of a month that has long been closed


def deliver_late(lake: Lake, catalog: Catalog, chance: random.Random, files: int) -> list[str]:
    """Write `files` deliveries of randomly chosen exports, rows and ways; gives what each is, e.g. `taobao/orders older`."""
    told = []
    with duckdb.connect() as con:
        stock = [(ref, file) for ref in catalog.exports.values() if ref.export.kind != "rulings" for file in _files(lake, ref)]
        for number in range(files):
            ref, file = chance.choice(stock)
            way = chance.choice(WAYS)
            if _deliver(con, ref, file, way, f"{chance.random()}{number}"):
                told.append(f"{ref.id} {way}")
    return told


def _files(lake: Lake, ref: ExportRef) -> list[Path]:
    return sorted(file for file in bronze_folder(lake, ref).glob(f"*.{ref.fingerprint}.parquet") if not file.name.startswith("empty."))


def _deliver(con: duckdb.DuckDBPyConnection, ref: ExportRef, file: Path, way: str, salt: str) -> int:
    receipt = read_receipt(file)
    delivery = hashlib.sha256(f"{receipt.delivery_id}{salt}".encode()).hexdigest()[:16]
    # some are told days later: the day of the build moves on with them, beyond the month's end too
    exported_at = receipt.exported_at + timedelta(days=int(delivery[2], 16) % LATER_DAYS, minutes=int(delivery[:2], 16))
    columns = {"again": _other_amounts, "older": _older, "other person": _other_person}[way](ref, delivery)
    columns |= {"_delivery_id": f"'{delivery}'", "_exported_at": f"timestamp '{exported_at}'", "_file_sha256": f"'{delivery}'"}
    listed = ", ".join(f"{expression} as {identifier(name)}" for name, expression in columns.items())
    # a list is all of it; of anything else some rows come
    some = "true" if ref.export.restates.by == "snapshot" else f"hash(_line, '{delivery}') % 12 = 0"
    query = f"select * from (select * replace ({listed}) from read_parquet('{file}')) where {some}"
    count = con.execute(f"select count(*) from ({query})").fetchone()[0]
    if count:
        counts = {"rows_in_file": count, "rows_loaded": count, "rows_quarantined": 0, "rows_skipped": 0}
        write_parquet(
            con, query, file.with_name(f"{delivery}.{ref.fingerprint}.parquet"),
            replace(receipt, delivery_id=delivery, file_hash=delivery, exported_at=exported_at, controls=[], **counts),
        )  # fmt: skip
    return count


def _other_amounts(ref: ExportRef, _: str) -> dict[str, str]:
    money = [name for name, column in ref.export.columns.items() if column.type == "money"]
    return {name: f"cast({identifier(name)} / 2 as decimal(18, 2))" for name in money}


def _older(ref: ExportRef, delivery: str) -> dict[str, str]:
    """A record that nobody knew, of long ago: another key, and all its times earlier."""
    kinds = {name: column.type for name, column in ref.export.columns.items()}
    keys = {name: f"{identifier(name)} || '{delivery[:4]}'" for name in ref.export.key if kinds.get(name) in ("id", "text")}
    moved = {"timestamp": "timestamp", "date": "date"}
    times = {
        name: f"cast({identifier(name)} - interval '{OLDER_DAYS}' day as {moved[kind]})" for name, kind in kinds.items() if kind in moved
    }
    return {**times, **keys, "_record_key": f"_record_key || '{delivery[:4]}'"}


def _other_person(ref: ExportRef, _: str) -> dict[str, str]:
    """The same records with a key of somebody else: two people become one, and take their orders along."""
    names = [name for name, column in ref.export.columns.items() if column.identity and name not in ref.export.key]
    parts = [f"{name}{part}" for name in names for part in ("", "_class", "_scope")]
    return {part: f"coalesce(lead({identifier(part)}, 2) over (order by _line), {identifier(part)})" for part in parts}
