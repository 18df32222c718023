"""Table `raw.lake__controls`: what loaded files state about their own totals, beside what their rows add up to.

Belongs here: the receipts' control totals as rows, with the day the file is about. Does not: judging them (controls), or what a
surplus means (dbt).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from pathlib import PurePosixPath

import duckdb
import pyarrow as pa

from orchestration.lake.catalog import Catalog
from orchestration.lake.context import path_context, place_of
from orchestration.lake.receipt import Receipt

COLUMNS = {
    "delivery_id": "VARCHAR", "source": "VARCHAR", "export": "VARCHAR", "account": "VARCHAR", "exported_at": "TIMESTAMP",
    "business_on": "DATE", "column_name": "VARCHAR", "rule": "VARCHAR", "part": "VARCHAR",
    "stated": "DECIMAL(38,8)", "found": "DECIMAL(38,8)",
}  # fmt: skip
TYPES = {"VARCHAR": pa.string(), "TIMESTAMP": pa.timestamp("us"), "DATE": pa.date32(), "DECIMAL(38,8)": pa.decimal128(38, 8)}
EXACT = Decimal("1e-8")


def write_controls(con: duckdb.DuckDBPyConnection, catalog: Catalog, receipts: Iterable[Receipt]) -> None:
    """(Re)make `raw.lake__controls`: one row per loaded delivery and total that it states; totals nobody could read are left out."""
    rows = sorted(control_rows(catalog, receipts), key=lambda row: tuple(str(value) for value in row.values()))
    table = pa.Table.from_pylist(rows, schema=pa.schema([(name, TYPES[kind]) for name, kind in COLUMNS.items()]))
    con.register("fishpond_controls", table)
    columns = ", ".join(f"cast({name} as {kind}) as {name}" for name, kind in COLUMNS.items())
    con.execute(f"create or replace table raw.lake__controls as select {columns} from fishpond_controls")
    con.unregister("fishpond_controls")


def control_rows(catalog: Catalog, receipts: Iterable[Receipt]) -> Iterator[dict[str, object]]:
    """The rows of the table, by the names of COLUMNS; `business_on` is the day that the file's name or folder tells."""
    for receipt in receipts:
        if receipt.status not in ("loaded", "stale_contract"):
            continue
        day = _business_day(catalog, receipt) if receipt.controls else None
        for control in receipt.controls:
            if control["stated"] is not None:
                yield {
                    "delivery_id": receipt.delivery_id, "source": receipt.source, "export": receipt.export, "account": receipt.account,
                    "exported_at": receipt.exported_at, "business_on": day, "column_name": control["column"], "rule": control["rule"],
                    "part": control.get("part"), "stated": Decimal(control["stated"]).quantize(EXACT),
                    "found": Decimal(control["found"]).quantize(EXACT),
                }  # fmt: skip


def _business_day(catalog: Catalog, receipt: Receipt) -> date | None:
    ref = catalog.exports.get(f"{receipt.source}/{receipt.export}")
    parts = PurePosixPath(receipt.file_name).parts[2:]
    return path_context(ref.export, place_of(parts)).business_on if ref and parts else None
