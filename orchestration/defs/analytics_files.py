"""The files between the two dbt stretches: `warehouse/analytics/<name>.parquet`, and the views `analytics.<name>` by which dbt reads them.

Here: their columns, and writing them whole or not at all. Not here: what is computed (analytics), when (defs/analytics).
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from orchestration.defs.resources import open_warehouse
from orchestration.lake.layout import Lake
from orchestration.lake.sql import literal
from orchestration.settings import Settings

HORIZON_DAYS = (30, 90, 180, 365)
_TEXT, _REAL, _WHOLE, _FLAG, _DAY = pa.string(), pa.float64(), pa.int64(), pa.bool_(), pa.date32()
TABLES: dict[str, pa.Schema] = {
    "fit_outcomes": pa.schema(
        {"fit": _TEXT, "is_used": _FLAG, "why_null": _TEXT, "parameters": _TEXT, "fit_until": _DAY, "observations": _WHOLE}
    ),
    "channel_effects": pa.schema(
        {"observability": _TEXT, "weighed_by": _TEXT, "method": _TEXT, "channel": _TEXT, "conversions": _REAL, "effect": _REAL,
         "effect_index": _REAL, "low": _REAL, "high": _REAL, "why_null": _TEXT}
    ),
    "touch_strengths": pa.schema({"channel": _TEXT, "strength": _REAL, "neutral_strength": _REAL}),
    "ltv_backtest": pa.schema(
        {"model": _TEXT, "cutoff_on": _DAY, "promo": _TEXT, "side": _TEXT, "horizon_days": _WHOLE, "target": _TEXT, "metric": _TEXT,
         "value": _REAL, "baseline": _TEXT, "baseline_value": _REAL, "beats_baseline": _FLAG, "why_null": _TEXT}
    ),
    "customer_predictions": pa.schema(
        {"customer_id": _TEXT, "p_alive": _REAL, "order_probability_365d": _REAL,
         **{f"predicted_orders_{days}d": _REAL for days in HORIZON_DAYS}, **{f"predicted_{days}d_cny": _REAL for days in HORIZON_DAYS},
         "predicted_low_cny": _REAL, "predicted_high_cny": _REAL, "discount_rate": _REAL, "prediction_model": _TEXT}
    ),
    "lifetime_parameters": pa.schema(
        {"model": _TEXT, "parameter": _TEXT, "value": _REAL, "standard_error": _REAL, "log_likelihood": _REAL, "customers": _WHOLE,
         "fit_until": _DAY, "is_published": _FLAG, "why_null": _TEXT}
    ),
}  # fmt: skip


def analytics_folder(lake: Lake) -> Path:
    """Where the files stand."""
    return lake.warehouse_dir / "analytics"


def write_tables(lake: Lake, settings: Settings, tables: Mapping[str, Mapping[str, Any]]) -> dict[str, int]:
    """Write tables (name → columns as arrays or lists; none gives a typed file without rows), point their views at them; rows of each.

    Doubles are rounded to 8 decimals, NaN becomes NULL. A file is written aside and renamed: readers see the old or the new one.
    """
    folder = analytics_folder(lake)
    folder.mkdir(parents=True, exist_ok=True)
    rows = {name: _write(folder / f"{name}.parquet", TABLES[name], columns) for name, columns in tables.items()}
    with open_warehouse(lake, settings) as con:  # once for all: opening reads the whole catalog (40 ms)
        con.execute("create schema if not exists analytics")
        for name in tables:
            file = literal(str(folder / f"{name}.parquet"))
            con.execute(f"create or replace view analytics.{name} as select * from read_parquet({file})")
    return rows


def _write(path: Path, schema: pa.Schema, columns: Mapping[str, Any]) -> int:
    table = pa.table({field.name: _column(columns.get(field.name, []), field.type) for field in schema}, schema=schema)
    aside = path.with_name(f".{path.name}.part")
    pq.write_table(table, aside)
    os.replace(aside, path)
    return table.num_rows


def _column(values: Any, kind: pa.DataType) -> pa.Array:
    if kind != _REAL:
        return pa.array(values, kind)
    rounded = pc.round(pa.array(values, _REAL, from_pandas=True), 8)
    return pc.if_else(pc.is_finite(rounded), rounded, None)
